"""`pmo-path template`: an empty ratings file to fill in."""

from __future__ import annotations

from pmo_path.cli.loading import given_framework
from pmo_path.cli.options import FrameworkOption, OutputOption, RoleOption
from pmo_path.cli.writers import write_text


def template(
    role: RoleOption = None, framework: FrameworkOption = None, output: OutputOption = None
) -> None:
    """Write an empty ratings file, with what each level means beside each entry.

    With --role it holds only what that role requires.

    Example:

      pmo-path template --role pmo-director -o ratings.yaml
    """
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.ratings_yaml import template_yaml

    known = given_framework(framework)
    text = template_yaml(known, role_named(known, role) if role else None)
    write_text(text, output)
