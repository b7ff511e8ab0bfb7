"""Devices: apps, stations and telephones, their log-ins, and how they are set up."""
