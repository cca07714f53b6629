"""Inviting somebody to work here, with a sign-in of their own: by e-mail, good for a week."""
