"""The data files that the course ships; `dlcourse.data` reads them, README.md says where each comes from."""
