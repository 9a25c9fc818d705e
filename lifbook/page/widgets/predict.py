"""A question that must be answered before something else opens."""

from __future__ import annotations

from collections.abc import Sequence

import traitlets

from lifbook.page.widget import NamedWidget


class Prediction(NamedWidget):
    """A question that must be answered before something else opens; it is not marked.

    Link its trait ``locked`` to that of what shall stay closed until then.

    Parameters
    ----------
    name
        Name of the widget in the page.
    question, options
        What is asked, and what can be chosen.
    locked
        What stands at the closed sliders.
    after
        What to do once the prediction is made.
    """

    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    after = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)

    def __init__(
        self,
        name: str,
        question: str,
        options: Sequence[str],
        *,
        after: str,
        locked: str = "Closed until you have made your prediction above.",
    ) -> None:
        super().__init__(
            name=name,
            label="A prediction to make first",
            question=question,
            options=list(options),
            after=after,
            locked=locked,
        )

    def __repr__(self) -> str:
        return f"Prediction('{self.name}', {len(self.options)} options)"
