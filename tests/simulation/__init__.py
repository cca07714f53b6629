"""Chaos that can be repeated: a shop, its tills, its customers, and everything that goes wrong.

A seed decides what staff tap and what befalls the tap: requests get lost, answers get lost, copies
come later and in another order, clocks are days off, pages die, memories are wiped, the server
loses its power before and after a commit, counters are switched off. Afterwards every tap of every
member of staff must have met exactly one fate, and nothing may stand in the books that nobody
tapped (promises L15, L1, L4, O1 to O5, F7).

    device.py    the till's script and memory, as static/js/counter-queue.js has them
    staffing.py  what staff do at a device, and what the till tells them
    network.py   the way to the server and back, and the power the server may lose
    world.py     the shop, its clock, its devices, and what staff tapped
    steps.py     what can happen next
    running.py   chaos, then calm; what to type to see a seed again
    judging.py   what staff tapped against what stands in the books
    numbering.py the numbers of the devices, and whose loss they tell
    faults.py    mistakes the judge must notice

`SIMULATION_SEED=17 python3 manage.py test --fast -- tests/simulation -k fate`
runs one seed. With `--long` thousands run.
"""
