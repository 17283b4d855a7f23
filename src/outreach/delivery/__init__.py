"""Letters leaving by mail, through yagmail."""
