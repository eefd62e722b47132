# SPDX-License-Identifier: MIT
# peer_gemini.jq - the same filter in jq: jq -n -c -f peer_gemini.jq < STREAM

def types: {run_shell_command: "execute"};

# the events of a line, without their common members; STATE knows the names of
# the tools and the number of the text
def events($state):
  if .type == "message" then
    {kind: "text", role}
      + (if .role == "assistant" then {id: "m\($state.texts)"} else {} end)
      + {text: .content, delta: (.delta == true)}
  elif .type == "tool_use" then
    {kind: "tool", id: .tool_id, name: .tool_name,
      type: (types[.tool_name] // "other"), status: "in_progress",
      brief: .parameters.command, input: .parameters}
  elif .type == "tool_result" then
    $state.names[.tool_id] as $name
    | {kind: "tool", id: .tool_id, name: $name,
      type: (types[$name] // "other"),
      status: (if .status == "success" then "completed" else "failed" end),
      output}
  elif .type == "init" then
    {kind: "session", provider: "gemini", id: .session_id, model}
  elif .type == "result" then
    (.stats.models | to_entries[] | .value as $m
      | ($m.total_tokens - $m.input_tokens) as $out
      | {kind: "usage", scope: "run", model: .key,
          input_tokens: $m.input_tokens, output_tokens: $out,
          cache_read_input_tokens: $m.cached}
        + (if $out > $m.output_tokens
           then {reasoning_output_tokens: ($out - $m.output_tokens)}
           else {} end)),
    {kind: "result", final: false,
      verdict: (if .status == "success" then "ok" else "failed" end)}
  else empty end;

def is_delta: .type == "message" and .role == "assistant" and .delta == true;

foreach inputs as $line ({seq: 1, turn: 1, texts: 0, names: {}, out: []};
  (if .claimed then .turn += 1 | .claimed = false else . end)
  | (if $line.type == "message" and $line.role == "assistant"
        and (.in_text | not) then .texts += 1 else . end)
  | .in_text = ($line | is_delta)
  | (if $line.type == "tool_use"
     then .names = {($line.tool_id): $line.tool_name} else . end)
  | . as $state
  | .out = [$line | events($state)]
  | .first = .seq + 1 | .seq += (.out | length)
  | .claimed = ($line.type == "result");
  . as $s | range(.out | length)
  | {seq: ($s.first + .), kind: $s.out[.].kind}
    + (if $s.turn > 1 then {turn: $s.turn} else {} end) + $s.out[.])
