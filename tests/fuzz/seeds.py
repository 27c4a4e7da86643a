#!/usr/bin/env python3
"""Makes the sound and the nearly sound files from which the fuzz test and the fuzzers start: corpus/READER/NAME.

Files called found-… broke a reader once and were added by hand; they stay as they are.
"""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import pathlib
import struct
import tarfile
import zipfile

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def put(reader, name, content):
    path = CORPUS / reader / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def pack(data):
    return gzip.compress(data, mtime=0)


def idx(*sizes, content=None, kind=8):
    head = bytes([0, 0, kind, len(sizes)]) + b"".join(struct.pack(">I", size) for size in sizes)
    count = 1
    for size in sizes:
        count *= size
    return head + (bytes(i % 10 for i in range(count)) if content is None else content)


def idx_files():
    images = idx(2, 3, 4)
    put("idx", "images", images)
    put("idx", "images-gz", pack(images))
    put("idx", "labels", idx(2))
    put("idx", "colours-first", idx(2, 3, 2, 2))
    put("idx", "colours-last", idx(2, 2, 2, 3))
    put("idx", "one-more-dimension", idx(2, 1, 3, 4))
    put("idx", "huge", idx(2, 3, 4)[:4] + b"\xff" * 12)
    put("idx", "bomb-gz", pack(idx(2, 3, 4) + bytes(1 << 20)))
    put("idx", "real-numbers", idx(2, 3, 4, kind=0x0D, content=bytes(96)))
    put("idx", "zip", b"PK\x03\x04")


def gzip_files():
    put("gzip", "one", pack(b"some bytes"))
    put("gzip", "two", pack(b"some") + pack(b" bytes"))
    put("gzip", "padded", pack(b"some bytes") + bytes(20))
    put("gzip", "empty", pack(b""))
    put("gzip", "cut", pack(b"some bytes that do not end")[:-9])
    put("gzip", "plain", b"some bytes")
    put("gzip", "bomb", pack(bytes(3 << 20)))
    named = io.BytesIO()
    with gzip.GzipFile("a name", "wb", fileobj=named, mtime=0) as file:
        file.write(b"some bytes")
    put("gzip", "named", named.getvalue())


def cifar_files():
    record = bytes([3]) + bytes(i % 256 for i in range(3072))
    put("cifar", "one", record)
    put("cifar", "two", record + bytes([9]) + record[1:])
    put("cifar", "label", bytes([10]) + record[1:])
    put("cifar", "cut", record[:-1])


def tar(*members, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as file:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            info.linkname = "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


class Unseekable:
    """Takes an archive whose sizes come behind the data."""

    content = b""

    def write(self, data):
        self.content += bytes(data)
        return len(data)

    def flush(self):
        pass


def tar_files():
    regular = tarfile.REGTYPE
    few = [("set/a.bin", b"bytes of a", regular), ("set/b.bin", b"bytes of b", regular)]
    put("tar", "plain", tar(*few))
    put("tar", "gz", pack(tar(*few)))
    put("tar", "pax", tar(("ä/a.bin", b"bytes", regular), form=tarfile.PAX_FORMAT))
    put("tar", "gnu", tar(("n" * 150 + "/a.bin", b"bytes", regular), form=tarfile.GNU_FORMAT))
    put("tar", "twice", tar(few[0], few[0]))
    put("tar", "outside", pack(tar(("../../a.bin", b"bytes", regular), ("/a.bin", b"bytes", regular))))
    put("tar", "links", pack(tar(("a.bin", b"", tarfile.SYMTYPE), ("b.bin", b"", tarfile.LNKTYPE),
                                 ("c.bin", b"", tarfile.FIFOTYPE), ("d", b"", tarfile.DIRTYPE))))
    put("tar", "bomb", pack(tar(("a.bin", bytes(3 << 20), regular))))
    for name, how in (("zip", zipfile.ZIP_STORED), ("zip-packed", zipfile.ZIP_DEFLATED)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", how) as file:
            for member, content, _ in few:
                file.writestr(zipfile.ZipInfo(member), content, how)
        put("tar", name, out.getvalue())
        put("tar", name + "-streamed", out.getvalue()[:out.getvalue().index(b"PK\x01\x02")])
    streamed = Unseekable()
    with zipfile.ZipFile(streamed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("set/other"), bytes(1 << 20), zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo("set/a.bin"), b"bytes of a", zipfile.ZIP_DEFLATED)
    put("tar", "zip-sizes-behind", streamed.content[:streamed.content.index(b"PK\x01\x02")])
    put("tar", "bz2", bz2.compress(tar(*few)))
    put("tar", "xz", lzma.compress(tar(*few)))


def checksum_files():
    right, other = hashlib.sha256(b"data").hexdigest(), hashlib.sha256(b"other").hexdigest()
    put("checksums", "right", f"{other}  other.gz\n{right}  data.gz\n")
    put("checksums", "wrong", f"{other} *data.gz\r\n")
    put("checksums", "tagged", f"SHA256 (data.gz) = {right.upper()}\n")
    put("checksums", "folders", f"# of all\n\n{right}  ./sums/data.gz\n{other}  a\\b/../data.gz")
    put("checksums", "utf16", b"\xff\xfe" + f"{right}  data.gz\n".encode("utf-16-le"))
    put("checksums", "short", "abc  data.gz\n")


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def safetensors_files():
    def one(kind="F64", shape=(2,), offsets=(0, 16)):
        return {"dtype": kind, "shape": list(shape), "data_offsets": list(offsets)}

    put("safetensors", "two", safetensors({"__metadata__": {"format": "pt"}, "0.weight": one(),
                                           "0.bias": one("F32", (1,), (16, 20))}, bytes(20)))
    put("safetensors", "empty", safetensors({}))
    put("safetensors", "scalar", safetensors({"a": one("F32", (), (0, 4))}, bytes(4)))
    put("safetensors", "none", safetensors({"a": one("F32", (0, 9), (0, 0))}))
    put("safetensors", "overflow", safetensors({"a": one("F64", (1 << 32, 1 << 32, 2), (0, 0))}))
    put("safetensors", "half", safetensors({"a": one("F16", (8,), (0, 16))}, bytes(16)))
    put("safetensors", "deep", safetensors(b'{"a":{"dtype":' + b"[" * 40 + b"]" * 40 + b"}}"))
    put("safetensors", "long", b"\xff" * 8 + b"{}")


def checkpoint_files():
    def loop(done):
        return {"count": 9, "done": done, "ended": False, "lines": 3}

    def file(state, tensors, data):
        header = {"__metadata__": {"crc32c": "0" * 8, "losslab": json.dumps(state)}}
        return safetensors({**header, **tensors}, data)

    state = {"format": 2, "task": "deep", "repeat": 0, "length": 9, "lines": 3, "finished": False, "parts": 0,
             "facts": {"engine": "lanes"}, "loops": [loop(9), loop(2)]}
    tensor = {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}
    put("checkpoint", "two-loops", file(state, {"loop1/parameters": tensor}, bytes(16)))
    put("checkpoint", "result", file({**state, "finished": True}, {"result/model": tensor}, bytes(16)))
    put("checkpoint", "parts", file({**state, "parts": 2147483647}, {}, b""))
    put("checkpoint", "negative", file({**state, "parts": -1, "loops": [loop(-5)]}, {}, b""))
    put("checkpoint", "no-loops", file({**state, "loops": []}, {}, b""))
    put("checkpoint", "no-state", safetensors({"__metadata__": {"crc32c": "0" * 8}}))
    put("checkpoint", "no-sum", safetensors({}))


def points_files():
    put("points", "commas", "x,y\n-1,0.5\n0,1.25e-3\n1,-2\n")
    put("points", "semicolons", "\ufeffx;y\r\n0;1\r\n1;2\r\n")
    put("points", "tabs", "# gnuplot\n0\t1\n0.5\t2\t\n1\t3\n")
    put("points", "spaces", "  0   1\n 1  +2\n")
    put("points", "quoted", '"x","y"\n"0","1"\n"1","2"\n')
    put("points", "decimal-comma", "0,5;1,5\n")
    put("points", "gap", "0,1\n\n1,\n2,3\n")
    put("points", "nan", "0,nan\n1,inf\n")
    put("points", "three", "0,1,2\n")


def catalogue_files():
    shipped = json.loads((CORPUS.parents[2] / "datasets" / "catalogue.json").read_text())
    for entry in shipped["datasets"]:
        if entry["id"] in ("mnist", "emnist-letters", "cifar-10"):
            put("catalogue", entry["id"], json.dumps({"format": shipped["format"], "datasets": [entry]}))
    put("catalogue", "none", json.dumps({"format": shipped["format"], "datasets": []}))
    put("catalogue", "nothing", "")


def json_files():
    put("json", "all", json.dumps({"a": 1.5, "b": "text", "c": ["x", "y"], "p": {"k": 1, "l": [{"m": 2}]},
                                   "v": {"d": True, "e": -3}, "m": {"f": "g"}, "n": 18446744073709551615, "f": False}))
    put("json", "names", '{"a":"NaN","b":"-Infinity","c":[]}')
    put("json", "escapes", '{"a":"\\u001b[31m","b":"\\u202e\\ud83d\\ude00","c":["\\\\\\""]}')
    put("json", "deep", "[" * 33 + "]" * 33)
    put("json", "wide", "{" + ",".join(f'"k{i}":0' for i in range(1001)) + "}")
    put("json", "twice", '{"a":1,"a":"b"}')
    put("json", "huge", '{"a":1e999,"n":-1}')
    put("json", "scalar", '"text"')


def layer_files():
    for name, text in (("dense", "5, 10, 10"), ("dashes", "784-500-10"), ("none", ""),
                       ("conv", "conv 10 4 stride 2 pad same, pool 2, avgpool 2, 50, dropout 0.25"),
                       ("large", "conv 4096 100 pad 100, 100000"), ("wrong", "conv 10, pool, dropout 2, convv 3 3")):
        put("layers", name, text)
    for name, text in (("two", "deep: 5, 10 | lr 0.001 | decay 0.0001; wide: 190"), ("unnamed", "5; 6"),
                       ("json", '[{"name":"deep","layers":"5, 10","lr":0.001,"decay":1e-4},{"name":"b","layers":""}]'),
                       ("names", "../x: 5; a/b: 5"), ("same", "a: 5; A: 6"), ("options", "a: 5 | lr=1 | lr 2 | x")):
        put("networks", name, text)


def expression_files():
    for name, text in (("cubic", "x^3 - x"), ("branch", "x < 0 ? 0 : sqrt(x)"), ("sinc", "sinc(5*pi*x)"),
                       ("named", "square"), ("functions", "atan2(min(x,1),max(mod(x,2),e)) && step(x) || x!=1e-3"),
                       ("nested", "(" * 90 + "x" + ")" * 90), ("signs", "-" * 100 + "x"), ("powers", "^".join("x" * 60)),
                       ("questions", "?".join("x" * 40) + ":x" * 39), ("pole", "1/x"), ("none", "log(x)"),
                       ("assign", "x=3"), ("comma", "1,2"), ("letters", "π·x")):
        put("expression", name, text)


def run_files():
    run = {"format": 1,
           "spec": {"experiment": "function-fit", "preset": "quick", "parameters": {"epochs": 10}, "seed": 1,
                    "repeats": 2, "device": "cpu", "threads": 2, "data": "mnist"},
           "versions": {"losslab": "0.1.0", "libtorch": "2.13.0"}, "device": "cpu", "dataChecksum": "",
           "state": "finished", "message": "", "started": "2026-11-24T10:15:30Z", "ended": "2026-11-24T10:16:30Z",
           "seconds": 60.5, "lines": 3,
           "training": [{"engine": "lanes", "optimizer": "adam", "activation": "relu", "models": ["deep"]}]}
    put("runjson", "finished", json.dumps(run))
    put("runjson", "images", json.dumps({**run, "spec": {**run["spec"], "experiment": "cnn-mnist", "parameters": {}}}))
    put("runjson", "newer", json.dumps({**run, "format": 99}))
    put("runjson", "repeats", json.dumps({**run, "spec": {**run["spec"], "repeats": 2147483647}}))
    put("runjson", "none", "")

    lines = ['"chart":"loss-along","series":"model","repeat":0,"x":1,"y":0.5',
             '"chart":"ratio-loss","series":"trainings","repeat":1,"x":0.25,"y":"NaN","label":"a label"',
             '"chart":"spectrum","series":"eigenvalues","repeat":0,"x":1,"y":3,"replace":true',
             '"chart":"spectrum","repeat":0,"remark":"60 %","lines":[{"at":0.1,"label":"zero","vertical":false}]',
             '"figure":"minimal-ratio","model":"model","repeat":0,"value":0.25',
             '"training":"converged","model":"model","repeat":0,"epoch":9,"charts":["loss-along"]',
             '"table":"trainings","repeat":0,"row":{"training":1}', '"colour":"blue"']
    numbered = [f'{{"seq":{i + 1},{line}}}\n' for i, line in enumerate(lines)]
    put("journal", "all", "".join(numbered))
    put("journal", "point", numbered[0])
    put("journal", "torn", numbered[0] + numbered[1][:20])
    put("journal", "outside", '{"seq":1,"table":"../../x","repeat":0,"row":{"a":1}}\n')
    put("journal", "repeat", '{"seq":1,"chart":"loss-along","series":"model","repeat":2147483647,"x":1,"y":2}\n')
    put("journal", "none", "")

    put("order", "two", "another function-fit\n2026-11-24-101530-function-fit\n")
    put("order", "outside", "../../etc\n/etc\n.\n..\n\nanother function-fit\n")
    put("order", "twice", "another function-fit\nanother function-fit")


def notes_files():
    notes = {"format": 1, "name": "Größer", "note": "zu schnell?\nnoch einmal", "tags": ["Übung", "draft"], "starred": True}
    put("notes", "all", json.dumps(notes))
    put("notes", "none", json.dumps({**notes, "name": "", "note": "", "tags": [], "starred": False}))
    put("notes", "lines", json.dumps({**notes, "name": "a\nb"}))
    put("notes", "tag", json.dumps({**notes, "tags": ["a b", ""]}))
    put("notes", "entry", json.dumps({"format": 1, "problem": "", "experiment": "capacity", "title": "Capacity", "caption": "c",
                                      "changed": "", "started": "2026-11-20T10:15:00Z", "state": "finished", "seconds": 12,
                                      "settings": [["lr", "0.01"]], "name": "", "note": "", "tags": [], "starred": False,
                                      "results": [["a", "loss", "Loss", "0.1", 0.1]]}))


def preset_files():
    preset = {"format": 1, "name": "Übung 1", "experiment": "function-fit", "preset": "quick",
              "parameters": {"epochs": 10}, "seed": 7, "repeats": 2}
    put("preset", "small", json.dumps(preset))
    put("preset", "images", json.dumps({**preset, "experiment": "random-labels", "parameters": {}, "data": "mnist"}))
    put("preset", "networks", json.dumps({**preset, "parameters": {"models": [{"name": "a", "layers": "5, 5"}]}}))
    put("preset", "name", json.dumps({**preset, "name": "\u202etxt\n"}))
    put("preset", "field", json.dumps({**preset, "colour": "blue"}))
    put("preset", "none", "")


def value_files():
    for number, text in enumerate(("0.001", "1,000", "all", "yes", "adam", "16, 64..1024 double", "0.1..0.9 step 0.2",
                                   "5, 10", "a: 5; b: 6 | lr 0.1", "sinc", "x^2", "/tmp/points.csv", "mnist; ./folder",
                                   "1e-400", "-0.0", "９", "none")):
        for place in (0, 85, 170):
            put("value", f"{number:02}-{place:03}", bytes([0, (place + number) % 256]) + text.encode())


def main():
    for make in (idx_files, gzip_files, cifar_files, tar_files, checksum_files, safetensors_files, checkpoint_files, points_files,
                 catalogue_files, json_files, layer_files, expression_files, run_files, notes_files, preset_files, value_files):
        make()


if __name__ == "__main__":
    main()
