"""What the real nwdiag computes for diagrams, so that our classic layout can be compared with it.

Reads JSON lines, each a string: the text of a `.diag` file. Prints a JSON line for each: where everything stands, or
{"error": why nwdiag refused it}.
"""

import json
import sys

from blockdiag.utils.fontmap import FontMap
from nwdiag import builder, drawer, parser


def point(xy):
    return [xy.x, xy.y]


def is_made_up(name):
    """nwdiag calls what has no name by a UUID."""
    return name is None or (len(str(name)) == 36 and str(name).count("-") == 4)


def describe(text):
    diagram = builder.ScreenNodeBuilder.build(parser.parse_string(text))
    metrics = drawer.DiagramDraw("SVG", diagram, fontmap=FontMap()).metrics
    places = {network: index for index, network in enumerate(diagram.networks)}
    groups = list(diagram.groups)
    return {
        "size": list(metrics.pagesize(diagram.colwidth, diagram.colheight).to_integer_point()),
        "cols": diagram.colwidth,
        "rows": diagram.colheight,
        "networks": [describe_network(one, metrics) for one in diagram.networks],
        "nodes": {one.id: describe_node(one, metrics, places, groups) for one in diagram.nodes},
        "groups": [describe_group(one) for one in groups],
    }


def describe_network(network, metrics):
    return {
        "id": None if is_made_up(network.id) else network.id,
        "label": network.display_label or None,
        "hidden": bool(network.hidden),
        "row": network.xy.y,
        "x": network.xy.x,
        "colwidth": network.colwidth,
        "trunk": [point(xy) for xy in metrics.network(network).trunkline],
    }


def describe_node(node, metrics, places, groups):
    lines = metrics.node(node).connectors
    return {
        "grid": [node.xy.x, node.xy.y],
        "box": list(metrics.node(node).box),
        "label": node.label,
        "shape": node.shape,
        "group": next((index for index, group in enumerate(groups) if node.group is group), None),
        "links": [
            {
                "net": places[line.network],
                "line": [point(xy) for xy in line.line],
                "address": node.address.get(line.network),
            }
            for line in lines
        ],
    }


def describe_group(group):
    return {
        "id": None if is_made_up(group.id) else group.id,
        "label": group.label,
        "grid": [group.xy.x, group.xy.y],
        "size": [group.colwidth, group.colheight],
        "nodes": [node.id for node in group.nodes],
    }


def main():
    for line in sys.stdin:
        try:
            answer = describe(json.loads(line))
        except Exception as error:  # nwdiag refuses with many kinds of errors, and crashes with others
            answer = {"error": str(error) or type(error).__name__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
