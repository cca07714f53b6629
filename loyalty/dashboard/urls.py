"""The owner's pages, below /o/. Who may see which: `access.role_for` in each view."""

from django.urls import path

from loyalty.dashboard.views import counters, people, posters, programme, shops, week

app_name = "owner"
urlpatterns = [
    path("", shops.shops, name="shops"),
    path("<slug:shop>/", week.week, name="week"),
    path("<slug:shop>/counter/", counters.open_counter, name="open_counter"),
    path("<slug:shop>/programme/", programme.programme, name="programme"),
    path("<slug:shop>/programme/preview/", programme.card_preview, name="card_preview"),
    path("<slug:shop>/programme/use/<int:number>/", programme.use_version, name="use_version"),
    path("<slug:shop>/programme/pause/", programme.pause, name="pause"),
    path("<slug:shop>/programme/resume/", programme.resume, name="resume"),
    path("<slug:shop>/programme/saved/", programme.saved_only, name="saved_only"),
    path("<slug:shop>/programme/all/", programme.to_all, name="to_all"),
    path("<slug:shop>/posters/", posters.posters, name="posters"),
    path("<slug:shop>/posters/code.png", posters.code_picture, name="code_picture"),
    path("<slug:shop>/posters/<slug:kind>.pdf", posters.poster_pdf, name="poster_pdf"),
    path("<slug:shop>/posters/<slug:kind>/", posters.poster, name="poster"),
    path("<slug:shop>/people/", people.people, name="people"),
    path("<slug:shop>/people/staff/", people.add_staff, name="add_staff"),
    path("<slug:shop>/people/staff/<int:pk>/remove/", people.dismiss, name="dismiss"),
    path("<slug:shop>/people/staff/<int:pk>/back/", people.take_on_again, name="take_on_again"),
    path("<slug:shop>/people/locations/<int:pk>/", people.rename_location, name="rename_location"),
    path("<slug:shop>/people/counters/", counters.add_counter, name="add_counter"),
    path("<slug:shop>/people/counters/<int:pk>/", counters.pairing, name="pairing"),
    path("<slug:shop>/people/counters/<int:pk>/remove/", counters.revoke, name="revoke"),
    path("<slug:shop>/people/counters/<int:pk>/back/", counters.bring_back, name="bring_back"),
]
