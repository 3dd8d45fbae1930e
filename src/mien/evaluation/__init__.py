"""Measure a model on FER2013 and FER+: data in every form, metrics, reports. No torch."""
