// Reads what Afterbell wrote with Go's own packages for logs: golang.org/x/mod/sumdb/note and tlog.
//
//	gocheck VKEY DIRECTORY
//
// DIRECTORY holds `checkpoint` and `tile/` as `afterbell export --tiles` writes them, and `proofs`: a line for each,
//
//	inclusion INDEX SIZE ROOT LEAF [HASH...]        consistency OLD NEW OLDROOT NEWROOT [HASH...]
//
// with "!" before the word when the proof must be refused. Hashes are base64. It prints counts as JSON and ends with 1
// at the first thing that is not as it should be.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type counts struct {
	Checkpoints int `json:"checkpoints"`
	Entries     int `json:"entries"`
	Tiles       int `json:"tiles"`
	Inclusion   int `json:"inclusion"`
	Consistency int `json:"consistency"`
	Refused     int `json:"refused"`
}

func fail(format string, words ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", words...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func hash(word string) (found tlog.Hash) {
	data := must(base64.StdEncoding.DecodeString(word))
	if len(data) != tlog.HashSize {
		fail("%q is not a hash", word)
	}
	copy(found[:], data)
	return found
}

func number(word string) int64 { return must(strconv.ParseInt(word, 10, 64)) }

// opened returns the tree of a checkpoint whose signature holds.
func opened(vkey string, data []byte) tlog.Tree {
	verifier := must(note.NewVerifier(vkey))
	told := must(note.Open(data, note.VerifierList(verifier)))
	lines := strings.Split(told.Text, "\n")
	if lines[0] != verifier.Name() {
		fail("the origin is %q, the key's name %q", lines[0], verifier.Name())
	}
	return tlog.Tree{N: number(lines[1]), Hash: hash(lines[2])}
}

// files serves hash tiles from a directory laid out as C2SP tlog-tiles: Go's own paths with the height left out.
type files struct {
	root string
	read map[string]bool
}

func (f files) Height() int { return height }

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.root, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		f.read[path] = true
		found = append(found, data)
	}
	return found, nil
}

// checkTiles authenticates every hash tile against the tree, and every entry of a bundle against its leaf hash.
func checkTiles(tree tlog.Tree, root string, told *counts) {
	reader := tlog.TileHashReader(tree, files{root, map[string]bool{}})
	source := files{root, map[string]bool{}}
	all := tlog.NewTiles(height, 0, tree.N)
	for at, tile := range all {
		// Go names a partial tile at every width it ever had; only its last is published.
		if at+1 < len(all) && all[at+1].L == tile.L && all[at+1].N == tile.N {
			continue
		}
		data := must(source.ReadTiles([]tlog.Tile{tile}))[0]
		want := must(tlog.ReadTileData(tile, reader))
		if !bytes.Equal(data, want) {
			fail("%s is not the tree's", tile.Path())
		}
		told.Tiles++
	}
	for start := int64(0); start < tree.N; start += 1 << height {
		width := min(tree.N-start, 1<<height)
		name := tlog.Tile{H: height, L: 0, N: start >> height, W: int(width)}.Path()
		path := strings.Replace(name, fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		data := must(os.ReadFile(filepath.Join(root, filepath.FromSlash(path))))
		for at := start; at < start+width; at++ {
			size := int(data[0])<<8 | int(data[1])
			entry := data[2 : 2+size]
			data = data[2+size:]
			stored := must(reader.ReadHashes([]int64{tlog.StoredHashIndex(0, at)}))[0]
			if tlog.RecordHash(entry) != stored {
				fail("entry %d is not the tree's", at)
			}
			told.Entries++
		}
		if len(data) != 0 {
			fail("%s holds %d bytes too many", path, len(data))
		}
	}
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func checkProofs(tree tlog.Tree, path string, told *counts) {
	file := must(os.Open(path))
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		kind, refuse := strings.TrimPrefix(words[0], "!"), strings.HasPrefix(words[0], "!")
		first, second := number(words[1]), number(words[2])
		one, two := hash(words[3]), hash(words[4])
		var path []tlog.Hash
		for _, word := range words[5:] {
			path = append(path, hash(word))
		}
		var err error
		switch kind {
		case "inclusion":
			if second == tree.N && one != tree.Hash {
				fail("a proof leads to another root: %s", lines.Text())
			}
			err = tlog.CheckRecord(tlog.RecordProof(path), second, one, first, two)
		case "consistency":
			err = tlog.CheckTree(tlog.TreeProof(path), second, two, first, one)
		default:
			fail("not understood: %s", lines.Text())
		}
		if (err != nil) != refuse {
			fail("%v for: %s", err, lines.Text())
		}
		switch {
		case refuse:
			told.Refused++
		case kind == "inclusion":
			told.Inclusion++
		default:
			told.Consistency++
		}
	}
	if err := lines.Err(); err != nil {
		fail("%v", err)
	}
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: gocheck VKEY DIRECTORY")
	}
	root := os.Args[2]
	data := must(os.ReadFile(filepath.Join(root, "checkpoint")))
	tree := opened(os.Args[1], data)
	told := counts{Checkpoints: 1}
	checkTiles(tree, root, &told)
	checkProofs(tree, filepath.Join(root, "proofs"), &told)
	fmt.Println(string(must(json.Marshal(told))))
}
