"""Three shops that do not exist, with a year behind them: what a newcomer sees first.

`shops` says who they are, `year` makes up who came when, `seed` books it through the operations,
`links` finds the doors, `signin` opens the owner's, `serving` runs it all, `databases` starts over.
"""
