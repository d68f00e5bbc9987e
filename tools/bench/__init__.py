"""What Stele is measured beside; run by `tools/peers`."""
