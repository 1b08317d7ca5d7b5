"""The pages, a file for each thing that people come to do. Each has a `router`."""
