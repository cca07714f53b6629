"""A counter in a browser, and what staff do with it."""

from playwright.sync_api import expect

from loyalty.access import COUNTER_COOKIE


class Till:
    """One device. Its context may be closed or killed and opened again."""

    def __init__(self, context, address, device):
        context.add_cookies([{"name": COUNTER_COOKIE, "value": device, "url": address}])
        self.context, self.address = context, address
        self.open()

    def open(self):
        self.page = self.context.new_page()
        self.page.goto(f"{self.address}/c/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => tillQueue.ready)")

    @property
    def tag(self):
        return self.page.locator("#connection")

    @property
    def line(self):
        return self.page.locator("#said")

    def find(self, card):
        self.page.get_by_label("Code or phone number").fill(card.short_code)
        self.page.keyboard.press("Enter")

    def save(self, card):
        """Stamp a card while there is no connection."""
        self.find(card)
        self.page.get_by_role("button", name="Save 1 stamp").click()
        expect(self.line).to_contain_text("1 stamp saved here.")

    def send(self):
        """What happens by itself within fifteen seconds."""
        self.page.evaluate("tillQueue.send()")

    def kept(self):
        return self.page.evaluate("tillQueue.list()")
