"""What is done to a built page so that it reads well everywhere: on a phone, aloud."""
