"""Facebook Messenger: a Page's chat at Meta's Graph API (channels.md §3)."""
