"""Ways through a dependency parse: who does it, to whom, under which verb (spaCy's English labels)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Span, Token

OBJECT_CONTROL = frozenset(
    """
    accuse advise allow appeal ask beg call command compel convince demand direct enable encourage expect force forbid get help instruct invite lead let make order permit persuade plead press pressure prompt push remind request require teach tell urge want warn
    """.split()
)
ASPECT = frozenset("go continue keep start begin resume proceed help stop cease".split())
"""Verbs through which one looks at what they begin, continue or end: "vowed to go on fighting"."""
_OBJECTS = {"dobj", "nsubjpass"}
_MODIFIERS = {"amod", "compound", "nmod", "poss", "nummod"}


def children(token: Token) -> list[Token]:
    """The words that hang on a word, in the order of the text; found once for a whole text, where spaCy looks for them each time."""
    kept: dict[str, list[list[Token]]] = token.doc.user_data
    if "children" not in kept:
        kept["children"] = [[] for _ in token.doc]
        for each in token.doc:
            if each.head.i != each.i:
                kept["children"][each.head.i].append(each)
    return kept["children"][token.i]


def text_of(doc: Doc) -> str:
    """The text of a parse; put together once, where spaCy does it each time."""
    kept: dict[str, str] = doc.user_data
    if "text" not in kept:
        kept["text"] = doc.text
    return kept["text"]


def sentence_start(token: Token) -> int:
    """The first word of the sentence that a word stands in; found once for a whole text."""
    kept: dict[str, list[int]] = token.doc.user_data
    if "starts" not in kept:
        kept["starts"] = [sentence.start for sentence in token.doc.sents for _ in range(len(sentence))]
    return kept["starts"][token.i]


def entity(token: Token) -> Span | None:
    """The named entity that a word stands in."""
    if not token.ent_type_:
        return None
    doc, start, end = token.doc, token.i, token.i + 1
    while start and doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I":
        end += 1
    return doc[start:end]


def conjuncts(tokens: Iterable[Token]) -> list[Token]:
    """Tokens with all that is joined to them by "and" or commas, in the order of the text, each once."""
    found: dict[int, Token] = {}
    for token in tokens:
        for each in (token, *(c for c in token.conjuncts if c.i > token.i)):
            found.setdefault(each.i, each)
    return [found[i] for i in sorted(found)]


def is_passive(verb: Token) -> bool:
    """True for "was attacked" and for a bare participle after a noun ("troops deployed by Russia")."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in children(verb)):
        return True
    if verb.tag_ != "VBN" or any(c.dep_ in {"aux", "nsubj"} for c in children(verb)):
        return False
    return verb.dep_ in {"acl", "relcl"} or (verb.dep_ == "conj" and verb.head.pos_ == "VERB" and is_passive(verb.head))


def is_negated(token: Token) -> bool:
    """True where "not" or "never" stands at the word, "no" before a noun, or where the subject is nobody."""
    if any(c.dep_ == "neg" or c.lower_ in {"never", "nor"} or (c.dep_ == "det" and c.lower_ in {"no", "neither"}) for c in children(token)):
        return True
    return any(_is_nobody(c) for c in children(token) if c.dep_ in {"nsubj", "nsubjpass"})


def _is_nobody(subject: Token) -> bool:
    if subject.lower_ in {"nobody", "none", "no-one", "nothing", "neither"}:
        return True
    return any(c.lower_ in {"no", "neither"} and c.dep_ in {"det", "preconj", "cc"} for c in children(subject))


def governor(token: Token) -> Token | None:
    """The verb that a noun is an object of, through prepositions that hang on that verb ("engaged in talks")."""
    head = token.head
    if token.dep_ in {"dobj", "nsubjpass", "attr"} and head.pos_ in {"VERB", "AUX"}:
        return head
    if token.dep_ == "pobj" and head.dep_ == "prep" and head.head.pos_ == "VERB":
        return head.head
    if token.dep_ == "conj":
        return governor(token.head)
    return None


def _agents(verb: Token) -> list[Token]:
    return [p for child in children(verb) if child.dep_ == "agent" for p in children(child) if p.dep_ == "pobj"]


def _own_subjects(verb: Token) -> list[Token]:
    return [c for c in children(verb) if c.dep_ == "nsubj"]


def antecedent(token: Token) -> Token:
    """What a relative pronoun stands for ("the army, which attacked"); any other word itself."""
    if token.tag_ in {"WDT", "WP"} or (token.lower_ == "that" and token.pos_ in {"PRON", "SCONJ"}):
        verb = token.head
        while verb.dep_ in {"conj", "xcomp", "aux"}:
            verb = verb.head
        if verb.dep_ in {"relcl", "acl"}:
            return verb.head
    return token


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what the verb says: its subject or by-agent, else that of the verb it hangs on.

    Infinitives after "ask", "urge", "force" take the object of that verb, other infinitives its subject.
    """
    if depth > 6:
        return []
    if is_passive(verb):
        return conjuncts(_agents(verb))
    own = _own_subjects(verb)
    if own:
        return conjuncts(antecedent(t) for t in own)
    head = verb.head
    if verb.dep_ in {"acl", "relcl"}:
        if verb.tag_ == "VBG" or (verb.dep_ == "relcl" and verb.tag_ != "VBN"):
            return conjuncts([head])
        return _possessors(head) or (subjects(gov, depth + 1) if (gov := governor(head)) is not None else [])
    if verb.dep_ == "xcomp" and head.lemma_.lower() in OBJECT_CONTROL and (controlled := objects(head)):
        return controlled
    if verb.dep_ == "pcomp" and head.dep_ == "prep":
        above = head.head
        if above.lemma_.lower() in OBJECT_CONTROL | {"stop", "prevent", "keep", "condemn", "criticize", "blame", "suspect"} and (
            hit := objects(above)
        ):
            return hit
        return subjects(above, depth + 1) if above.pos_ in {"VERB", "AUX"} else _possessors(above)
    if verb.dep_ == "conj" and head.pos_ in {"VERB", "AUX"}:
        return objects(head) if is_passive(head) and not is_passive(verb) else subjects(head, depth + 1)
    if verb.dep_ in {"xcomp", "advcl", "ccomp", "conj"}:
        if head.pos_ in {"VERB", "AUX"}:
            return objects(head) if is_passive(head) else subjects(head, depth + 1)
        return _possessors(head) or (subjects(head.head, depth + 1) if head.head.pos_ in {"VERB", "AUX"} else [])
    return []


def objects(verb: Token) -> list[Token]:
    """What it is done to: the direct object, in a passive the grammatical subject."""
    own = [antecedent(c) for c in children(verb) if c.dep_ in _OBJECTS]
    if not own and is_passive(verb):
        if verb.dep_ in {"acl", "relcl"}:
            own = [verb.head]
        elif verb.dep_ in {"conj", "advcl"} and verb.head.pos_ in {"VERB", "AUX"}:
            return objects(verb.head) if is_passive(verb.head) else subjects(verb.head)
        elif verb.dep_ == "xcomp":
            return subjects(verb.head)
    if not own:  # the parser takes a name after a verb for an adverb of measure now and then
        own = [
            c for c in children(verb) if c.dep_ == "npadvmod" and c.pos_ == "PROPN" and c.i > verb.i and c.ent_type_ not in {"DATE", "TIME"}
        ]
    if not own and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and verb.n_rights == 0:
        return objects(verb.head)
    if not own:
        own = [c for c in children(verb) if c.dep_ in {"ccomp", "xcomp"} and c.pos_ in {"NOUN", "PROPN"}]
    if not own and verb.dep_ == "relcl" and verb.head.i < verb.i and _own_subjects(verb):  # "the town Russian forces shelled"
        own = [verb.head]
    return conjuncts(own)


def _possessors(noun: Token) -> list[Token]:
    return conjuncts(c for c in children(noun) if c.dep_ == "poss")


def prepositional(token: Token, preposition: str) -> list[Token]:
    """Nouns that a preposition joins to a word, or to its object, or to the verb whose object it is."""
    bases = [token]
    if token.pos_ in {"VERB", "AUX"}:
        bases += [c for c in children(token) if c.dep_ in {"dobj", "prt", "attr", "acomp", "advmod", "nsubjpass"}]
    elif (verb := governor(token)) is not None and token.dep_ != "pobj":
        bases.append(verb)
    found = []
    for base in bases:
        for child in children(base):
            if child.dep_ in {"prep", "dative", "agent"} and preposition in {"*", child.lower_}:
                found += [p for p in children(child) if p.dep_ in {"pobj", "pcomp"}]
                found += [p for inner in children(child) if inner.dep_ == "prep" for p in children(inner) if p.dep_ == "pobj"]
    return conjuncts(t for t in found if t.i != token.i)


def _complements(token: Token) -> list[Token]:
    direct = [c for c in children(token) if c.dep_ in {"xcomp", "ccomp", "acl"} and c.pos_ in {"VERB", "AUX"}]
    if not direct and token.pos_ in {"VERB", "AUX"}:
        for child in children(token):
            if child.dep_ in {"dobj", "acomp", "attr"}:
                direct += [c for c in children(child) if c.dep_ in {"acl", "xcomp", "ccomp"} and c.pos_ in {"VERB", "AUX"}]
            if child.dep_ == "prep":
                direct += [c for c in children(child) if c.dep_ == "pcomp"]
            if child.dep_ == "advcl" and any(m.dep_ == "aux" and m.lower_ == "to" for m in children(child)):
                direct.append(child)
    if not direct:
        direct = [c for p in children(token) if p.dep_ == "prep" for c in children(p) if c.dep_ == "pcomp"]
    onwards = [c for verb in direct if verb.lemma_.lower() in ASPECT for c in _complements(verb)]
    return conjuncts([*direct, *onwards])


def step(token: Token, segment: str) -> list[Token]:
    """Words that one segment of a path leads to from a word (see docs/lexicon.md)."""
    if segment.startswith("prep:"):
        return prepositional(token, segment[5:])
    found: list[Token] = []
    match segment:
        case "subj":
            found = subjects(token)
        case "obj":
            found = objects(token)
        case "iobj":
            found = conjuncts(c for c in children(token) if c.dep_ == "dative" and c.pos_ != "ADP")
        case "comp":
            found = _complements(token)
        case "aux":
            found = [c for c in children(token) if c.dep_ in {"aux", "auxpass"}]
        case "prt":
            found = [c for c in children(token) if c.dep_ in {"prt", "advmod"} or (c.dep_ == "prep" and not list(children(c)))]
        case "mod":
            found = conjuncts(c for c in children(token) if c.dep_ in _MODIFIERS)
        case "attr":
            found = conjuncts(c for c in children(token) if c.dep_ in {"attr", "acomp", "oprd"})
        case "head":
            verb = governor(token)
            found = [verb] if verb is not None else [token.head] if token.dep_ == "nsubj" else []
    return found


def walk(token: Token, path: tuple[str, ...]) -> list[Token]:
    """Words that a path leads to from a word."""
    found = [token]
    for segment in path:
        found = [hit for each in found for hit in step(each, segment)]
    return found


def clause(token: Token) -> Token:
    """The verb of the clause that a word stands in."""
    kept: dict[int, Token] = token.doc.user_data.setdefault("clauses", {})
    passed = []
    while token.i not in kept and token.pos_ not in {"VERB", "AUX"} and token.head.i != token.i:
        passed.append(token.i)
        token = token.head
    verb = kept.get(token.i, token)
    kept.update(dict.fromkeys(passed, verb))
    return verb
