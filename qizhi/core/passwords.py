"""What a password must be, in our words: Django has no Chinese for its own sentence."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Django's check of the length."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return f"密码太短，至少要 {self.min_length} 个字符。请换一个长一些的。"

    def get_help_text(self) -> str:
        """What is asked for."""
        return f"至少 {self.min_length} 个字符。"
