"""Pictures people upload: taken apart, made small, kept as a WebP of our own making.

A thing that shows one has `shop` and
`picture = ForeignKey(Picture, models.PROTECT, null=True, related_name="+")`. Its form, which the
template sends with `enctype="multipart/form-data"`, has

    picture = PictureField(required=False)

and gets `initial={"picture": thing.picture}`: crispy then shows the picture with a box to remove
it. What the field hands on says which picture the thing shall have: a new one (`Encoded`), the
one it has, or None. The operation that stores the rest ends with

    change_picture(thing, form.cleaned_data["picture"])

Pages show it with `{% include "pictures/_picture.html" with picture=… alt=… only %}`. A list of
things reads `.select_related("picture").defer("picture__data")`: the pages need no bytes.
"""
