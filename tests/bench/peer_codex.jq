# SPDX-License-Identifier: MIT
# peer_codex.jq - the same filter in jq: jq -n -c -f peer_codex.jq < STREAM

def claims: .type == "turn.completed";

# the events of a line, without their common members
def events:
  if .item.type == "command_execution" then
    .item | {kind: "tool", id, name: "command_execution", type: "execute",
        status, brief: .command, input: {command}}
      + (if .status == "in_progress" then {}
         else {output: .aggregated_output} end)
      + (if .exit_code == null then {} else {exit_code} end)
  elif .type == "item.completed" then
    .item | {agent_message: "assistant", reasoning: "thought"}[.type] as $role
      | select($role) | {kind: "text", role: $role, id, text, delta: false}
  elif .type == "turn.completed" then
    (.usage | {kind: "usage", scope: "session", input_tokens, output_tokens,
      cache_read_input_tokens: .cached_input_tokens,
      cache_creation_input_tokens: .cache_write_input_tokens,
      reasoning_output_tokens}),
    {kind: "result", final: false, verdict: "ok"}
  elif .type == "thread.started" then
    {kind: "session", provider: "codex", id: .thread_id}
  else empty end;

foreach inputs as $line ({seq: 1, turn: 1, out: []};
  (if .claimed then .turn += 1 | .claimed = false else . end)
  | .out = [$line | events]
  | .first = .seq + 1 | .seq += (.out | length)
  | .claimed = ($line | claims);
  . as $s | range(.out | length)
  | {seq: ($s.first + .), kind: $s.out[.].kind}
    + (if $s.turn > 1 then {turn: $s.turn} else {} end) + $s.out[.])
