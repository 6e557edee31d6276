package main

import (
	"encoding/json"
	"io"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"

	"edms-lint/oracle/internal/lines"
)

// verdict says what the API server's decoder makes of a manifest.
type verdict struct {
	Decodes bool   `json:"decodes"`
	Error   string `json:"error"`
	Strict  string `json:"strict"`
}

// judge decodes manifests; it neither sets defaults nor validates.
type judge struct {
	lenient runtime.Decoder
	strict  runtime.Decoder
}

func newJudge() judge {
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	return judge{
		lenient: legacyscheme.Codecs.UniversalDeserializer(),
		strict:  strict.UniversalDeserializer(),
	}
}

// verdict judges a manifest in JSON, which is what clients send to the API server.
func (j judge) verdict(manifest []byte) verdict {
	err := decode(j.lenient, manifest)
	return verdict{
		Decodes: err == nil,
		Error:   text(err),
		Strict:  text(decode(j.strict, manifest)),
	}
}

func (j judge) decodes(manifest []byte) bool {
	return decode(j.lenient, manifest) == nil
}

func decode(decoder runtime.Decoder, manifest []byte) error {
	_, _, err := decoder.Decode(manifest, nil, nil)
	return err
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// question is a case to judge. The manifest stays raw, so that duplicate keys and unusual numbers
// reach the judge.
type question struct {
	Manifest json.RawMessage `json:"manifest"`
	Path     json.RawMessage `json:"path,omitempty"`
	Put      json.RawMessage `json:"put,omitempty"`
}

// repeated is a case with its verdict.
type repeated struct {
	question
	verdict
}

// judgeLines answers each manifest of the source with a line that holds its verdict.
func judgeLines(source io.Reader, writer *lines.Writer, repeat bool) error {
	judge := newJudge()
	decoder := json.NewDecoder(source)
	for {
		var question question
		err := decoder.Decode(&question)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		verdict := judge.verdict(question.Manifest)
		var answer any = verdict
		if repeat {
			answer = repeated{question, verdict}
		}
		if err := writer.Write(answer); err != nil {
			return err
		}
	}
}
