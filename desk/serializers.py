"""Shapes of the sign-in answers."""

from rest_framework import serializers


class SessionSerializer(serializers.Serializer[dict[str, object]]):
    """Who is signed in, and the token that unsafe requests carry in `X-CSRFToken`."""

    authenticated = serializers.BooleanField()
    username = serializers.CharField(allow_null=True)
    csrf_token = serializers.CharField()


class LoginSerializer(serializers.Serializer[dict[str, str]]):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class ProblemSerializer(serializers.Serializer[dict[str, str]]):
    """Every error of the API."""

    detail = serializers.CharField(help_text="A sentence for the person")
    code = serializers.CharField(help_text="A slug for the program")
