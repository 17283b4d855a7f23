"""Bounces, replies, opt-outs, outcomes; reports."""
