"""What a picture from above is made of: parcels, roads, water, trees, buildings."""
