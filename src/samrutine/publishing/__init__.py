"""What is sent where: plans, manifests, receipts, and the Protocol that destinations follow."""
