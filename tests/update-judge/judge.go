package main

import (
	"errors"
	"slices"

	"edms-lint/validation-judge/server"
)

// answer says how a change was judged, and what is refused of it.
type answer struct {
	// As is `update`, or `create` of an object that is new, or `repair` of one that was refused before, too; `unjudged`
	// for kinds that the server does not validate here.
	As      string           `json:"as,omitempty"`
	Refused []server.Refusal `json:"refused,omitempty"`
	// Left is what is still refused of what was refused before.
	Left []server.Refusal `json:"left,omitempty"`
}

type judge struct {
	server server.Server
	// Objects that were asked about before, by their texts, and what is refused of them.
	created map[string][]server.Refusal
}

func newJudge() judge {
	return judge{server.New(), map[string][]server.Refusal{}}
}

// answer judges a change. What replaces another object has to be accepted in its place, and where there is none.
func (j judge) answer(before, after []byte) (answer, error) {
	refused, err := j.create(after)
	if errors.Is(err, server.ErrNoStrategy) {
		return answer{As: "unjudged"}, nil
	}
	if err != nil || before == nil {
		return answer{As: "create", Refused: refused}, err
	}
	known, err := j.create(before)
	if err != nil {
		return answer{}, err
	}
	if len(known) > 0 {
		// It was never stored, so there is nothing to update. What else is wrong with it was so before, or was hidden by
		// what is mended; only that it can no longer be read comes of the change.
		found := answer{As: "repair", Left: refused}
		if isUnreadable(refused) && !isUnreadable(known) {
			found = answer{As: "repair", Refused: refused}
		}
		return found, nil
	}
	update, err := j.server.Update(before, after)
	return answer{As: "update", Refused: append(without(update, refused), refused...)}, err
}

func (j judge) create(manifest []byte) ([]server.Refusal, error) {
	if known, ok := j.created[string(manifest)]; ok {
		return known, nil
	}
	refused, err := j.server.Create(manifest)
	if err == nil {
		j.created[string(manifest)] = refused
	}
	return refused, err
}

// isUnreadable tells whether an object does not decode: then no field is named.
func isUnreadable(refused []server.Refusal) bool {
	return len(refused) > 0 && refused[0].Field == ""
}

// without are the refusals of fields that are not among others.
func without(refused, others []server.Refusal) []server.Refusal {
	isAmong := func(it server.Refusal) bool {
		return slices.ContainsFunc(others, func(other server.Refusal) bool { return other.Field == it.Field })
	}
	return slices.DeleteFunc(slices.Clone(refused), isAmong)
}
