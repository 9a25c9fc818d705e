"""Numbers of Sobotta et al. 2017 (10.3389/fphys.2017.00775) that several tests need."""

#: Total STAT3 as the paper counts it: all of it as if in the nucleus, nM.
TOTAL_STAT3 = 779.940698016358
