"""Training the network on FER2013: recipes, augmentation, the loop, export. The only room that knows torch."""
