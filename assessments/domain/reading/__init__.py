"""What the pages of a quiz show to one learner."""
