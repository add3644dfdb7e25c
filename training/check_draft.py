"""Check a draft: python training/check_draft.py DRAFT… -- errors with line numbers, near-duplicates, counts a code."""
import collections, csv, re, sys, pathlib
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import markup
codes = {r["code"] for r in csv.DictReader(open(pathlib.Path(__file__).parents[1] / "schema/actions.csv")) if len(r["code"]) > 2}
count, lens, none, multi, total, bad = collections.Counter(), [], 0, 0, 0, 0
seen: dict = {}
inv = collections.defaultdict(set); rows = []
def shingles(text, actors):
    for a, b in sorted(actors, reverse=True):
        text = text[:a] + "X" + text[b:]
    w = re.findall(r"\w+", text.lower())
    return {tuple(w[i:i+3]) for i in range(len(w)-2)}
for f in sys.argv[1:]:
    for n, line in enumerate(open(f, encoding="utf-8"), 1):
        if not line.strip() or line.startswith("#"): continue
        try: r = markup.read(line.strip(), codes)
        except ValueError as e:
            bad += 1
            if bad <= 40: print(f"{f}:{n}: {e}")
            continue
        total += 1
        ev = [e for e in r["events"] if e["code"]]
        none += not ev; multi += len({tuple(e["trigger"]) for e in ev}) > 1
        for c in {e["code"] for e in ev}: count[c] += 1
        lens.append(len(r["text"].split()))
        s = shingles(r["text"], r["actors"]); near = collections.Counter(j for g in s for j in inv[g])
        for j, k in near.most_common(2):
            if k / max(1, len(s | rows[j][0])) > 0.5: print(f"{f}:{n}: near-duplicate of {rows[j][1]}")
        for g in s: inv[g].add(len(rows))
        rows.append((s, f"{f}:{n}"))
print(f"sentences {total}, errors {bad}, without event {none} ({none/max(1,total):.0%}), two or more events {multi} ({multi/max(1,total):.0%}), words {min(lens, default=0)}-{max(lens, default=0)} mean {sum(lens)/max(1,len(lens)):.1f}")
first = collections.Counter(r for r in ())
roots = {pathlib.Path(f).stem for f in sys.argv[1:]}
for c in sorted(codes):
    if any(c.startswith(x) for stem in roots for x in stem.split("-")): print(c, count[c], end="  ")
print()
