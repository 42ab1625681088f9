"""What is learned, and how far each learner is."""
