"""The guard, the camera and `together` do what the tests that lean on them believe."""

import http.server
import io
import threading
import time

import pytest
from PIL import Image

from tests.support.together import Visitor, together

pytestmark = pytest.mark.once

FORM = '<form><input type="hidden" name="csrfmiddlewaretoken" value="secret"></form>'
CAMERA = """
navigator.mediaDevices.getUserMedia({video: true}).then(async stream => {
  const video = document.querySelector("video");
  video.srcObject = stream;
  await video.play();
  document.title = `sees ${video.videoWidth}`;
});
"""


class Pages(http.server.BaseHTTPRequestHandler):
    pages = {
        "/": "<p>Hello</p>",
        "/form": FORM,
        "/outside": '<img src="http://elsewhere.example/x.png">',
        "/policy": "<script>document.title = 'ran'</script>",
        "/script": '<script src="/throws.js"></script>',
        "/throws.js": "throw new Error('oh no')",
        "/lost": '<link rel="stylesheet" href="/gone.css">',
        "/camera": '<video muted></video><script src="/camera.js"></script>',
        "/camera.js": CAMERA,
    }

    def do_GET(self):
        page = self.pages.get(self.path)
        self.send_response(404 if page is None else 200)
        kind = "text/javascript" if self.path.endswith(".js") else "text/html"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "script-src 'self'; img-src *")
        self.send_header("Set-Cookie", "seen=yes")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(302 if "secret" in body else 403)
        self.send_header("Location", "/")
        self.end_headers()
        self.wfile.write(f"{body} {self.headers['Cookie']}".encode())

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_a_quiet_page_has_no_faults(page, site, no_outside_requests):
    page.goto(site)
    assert no_outside_requests.faults == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/outside", "request to another host: http://elsewhere.example/x.png"),
        ("/policy", "Content Security Policy"),
        ("/script", "script error: oh no"),
        ("/lost", "answer 404"),
    ],
)
def test_the_guard_notices(page, site, no_outside_requests, path, fault):
    page.goto(site + path)
    page.wait_for_timeout(200)

    assert fault in "\n".join(no_outside_requests.faults)
    no_outside_requests.faults.clear()  # or this test would fail, as it should


@pytest.mark.browser
def test_what_a_test_expects_is_no_fault(page, site, no_outside_requests):
    no_outside_requests.expect("answer 404: .*gone.css")
    page.goto(f"{site}/lost")
    assert no_outside_requests.faults == []


@pytest.mark.browser
def test_the_camera_sees_the_film(browser_with_camera, site, tmp_path):
    film = tmp_path / "film.mjpeg"
    frame = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(frame, "JPEG")
    film.write_bytes(frame.getvalue() * 10)
    page = browser_with_camera(film).new_context().new_page()

    page.goto(f"{site}/camera".replace("127.0.0.1", "localhost"))
    page.wait_for_timeout(1000)
    assert page.title() == "sees 640"


def test_together_keeps_the_order():
    assert together([lambda n=n: (time.sleep(0.03 * (3 - n)), n)[1] for n in range(3)]) == [0, 1, 2]


def test_together_runs_at_the_same_moment():
    moments = together([time.monotonic] * 8)
    assert max(moments) - min(moments) < 0.5


def test_together_raises_what_a_call_raised():
    with pytest.raises(ExceptionGroup) as caught:
        together([lambda: 1, lambda: 1 / 0])
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)


def test_a_visitor_keeps_cookies_and_sends_the_token(site):
    visitor = Visitor(site, cookies={"sessionid": "mine"})
    answer = visitor.post("/", {"count": 2}, token=visitor.token("/form"))

    assert answer.status == 302  # and not followed
    assert answer.text == "csrfmiddlewaretoken=secret&count=2 sessionid=mine; seen=yes"


def test_a_visitor_without_the_token_is_refused(site):
    assert Visitor(site).post("/", {}, token="wrong").status == 403
