#!/usr/bin/python3
"""recipes.py [--write]: docs/recipes.md is made of tests/clients/recipes/test_recipes.py,
whose tests ./check runs. Without --write it says whether the page is what it would be."""
import ast
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
SOURCE = TOP / "tests" / "clients" / "recipes" / "test_recipes.py"
PAGE = TOP / "docs" / "recipes.md"

HEAD = """# Recipes

Twenty tests of a Modbus client in Python ([how](clients.md)). `meter` and `plant` are fixtures of the package. `client` stands for what is tested:
here a small Modbus client ([its source](../tests/clients/recipes/conftest.py)), in the place of one's own. Each of them runs in `./check`; this page is
made of their file by `tests/tools/recipes.py --write`.
"""


def code_of(lines, function):
    """Its lines with its marks, without its text."""
    first = min([function.lineno, *(mark.lineno for mark in function.decorator_list)])
    text = function.body[0]
    return lines[first - 1:text.lineno - 1] + lines[text.end_lineno:function.end_lineno]


def page():
    source = SOURCE.read_text(encoding="utf-8")
    lines, parts, count = source.splitlines(), [HEAD], 0
    functions = [node for node in ast.parse(source).body
                 if isinstance(node, ast.FunctionDef)]
    helpers = {f.name: f for f in functions if f.name.startswith("_")}
    for function in functions:
        text = ast.get_docstring(function)
        if not text:
            continue
        count += 1
        title, _, more = text.partition("\n\n")
        code = code_of(lines, function)
        for name, helper in helpers.items():
            if name + "(" in "\n".join(code):
                code += ["", *lines[helper.lineno - 1:helper.end_lineno]]
        parts.append("## %d. %s\n%s\n```python\n%s\n```\n" % (
            count, title, "\n%s\n" % more.strip() if more else "", "\n".join(code)))
    return "\n".join(parts)


if sys.argv[1:] == ["--write"]:
    PAGE.write_text(page(), encoding="utf-8")
elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
    sys.exit("docs/recipes.md is not what tests/tools/recipes.py --write makes")
