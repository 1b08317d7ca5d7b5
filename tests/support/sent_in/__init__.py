"""What municipalities might have sent in: invented routines of known kin, to try clustering and variants on."""
