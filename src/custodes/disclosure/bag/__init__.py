"""What lies in the package of a case beside films and proofs: papers for people and programs."""
