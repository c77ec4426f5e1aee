package io.caravan.servertools;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.Tool;
import io.caravan.anthropic.ToolChoice;
import io.caravan.anthropic.Usage;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests a message in which the gateway runs a tool, without a model and without a route. */
class ServedMessageTest {
  private static final MessagesRequest REQUEST =
      new RequestReader()
          .read(
              """
              {"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],\
              "tool_choice":{"type":"any","disable_parallel_tool_use":true},\
              "tools":[{"name":"echo","input_schema":{}}]}"""
                  .getBytes(StandardCharsets.UTF_8));

  /** A tool whose result is what its route says. */
  private static final class Echo implements ServerTool {
    @Override
    public Tool offered() {
      return new Tool("custom", "echo", null, RawJson.of("{}"), false, null, RawJson.of("{}"));
    }

    @Override
    public String route() {
      return "echo";
    }

    @Override
    public Object body(ServedCall call) {
      return call.input().toString();
    }

    @Override
    public Object content(ServedCall call, Object found) {
      return Map.of("type", "echo_result", "text", found);
    }

    @Override
    public ServerToolUsage use() {
      return new ServerToolUsage(1, 0);
    }

    @Override
    public String words(Object content) {
      return "It says " + ((Map<?, ?>) content).get("text");
    }
  }

  private static final Usage USAGE = new Usage(10, 40, 0, 0, 0);

  private final ServedMessage message = new ServedMessage(List.of(new Echo()), 3);

  private static List<Event> text(int index, String text) {
    return List.of(
        new Event.TextStart(index), new Event.TextDelta(index, text), new Event.BlockStop(index));
  }

  private static List<Event> call(int index, String id, String tool) {
    return List.of(
        new Event.ToolUseStart(index, id, tool),
        new Event.InputJsonDelta(index, "{\"a\":"),
        new Event.InputJsonDelta(index, "1}"),
        new Event.BlockStop(index));
  }

  private static List<Event> end(String reason) {
    return List.of(new Event.MessageDelta(reason, null, USAGE), new Event.MessageStop());
  }

  @SafeVarargs
  private final List<Event> accept(List<Event>... parts) {
    List<Event> out = new ArrayList<>();
    for (List<Event> part : parts) {
      out.addAll(message.accept(part));
    }
    return out;
  }

  private List<Event> run(String found) {
    message.calls().forEach(call -> message.found(call, found));
    return message.resultEvents(REQUEST);
  }

  private static List<Integer> starts(List<Event> events) {
    List<Integer> indexes = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.TextStart start) {
        indexes.add(start.index());
      } else if (event instanceof Event.ServerToolUseStart start) {
        indexes.add(start.index());
      } else if (event instanceof Event.OtherStart start) {
        indexes.add(start.index());
      } else if (event instanceof Event.ToolUseStart start) {
        indexes.add(start.index());
      }
    }
    return indexes;
  }

  @Test
  void aMessageWithoutSuchACallPassesAsItIs() {
    List<Event> events = accept(text(0, "Hi"), call(1, "toolu_1", "Read"), end("tool_use"));

    assertThat(message.isPending()).isFalse();
    assertThat(events)
        .containsExactlyElementsOf(
            concat(text(0, "Hi"), call(1, "toolu_1", "Read"), end("tool_use")));
  }

  @SafeVarargs
  private static List<Event> concat(List<Event>... parts) {
    List<Event> all = new ArrayList<>();
    for (List<Event> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  @Test
  void theEndWaitsForTheResultAndTheIndexesGoOn() {
    List<Event> before = accept(text(0, "Hm"), call(1, "toolu_1", "echo"), end("tool_use"));

    assertThat(message.isPending()).isTrue();
    assertThat(before).contains(new Event.ServerToolUseStart(1, "srvtoolu_1", "echo"));
    assertThat(before).noneMatch(event -> event instanceof Event.MessageDelta);
    List<Event> results = run("x");
    assertThat(starts(results)).containsExactly(2);
    assertThat(message.goesOn(REQUEST)).isTrue();
    MessagesRequest next = message.next(REQUEST);
    List<Event> after =
        accept(List.of(new Event.MessageStart("i", "m", USAGE)), text(0, "Done"), end("end_turn"));
    assertThat(starts(after)).containsExactly(3);
    assertThat(after).noneMatch(event -> event instanceof Event.MessageStart);
    Event.MessageDelta end = (Event.MessageDelta) after.get(after.size() - 2);
    assertThat(end.usage()).isEqualTo(new Usage(20, 80, 0, 0, 0, new ServerToolUsage(1, 0)));
    assertThat(next.maxTokens()).isEqualTo(60);
    assertThat(next.toolChoice()).isEqualTo(new ToolChoice(ToolChoice.Kind.AUTO, null, true));
    List<Message> messages = next.messages();
    assertThat(messages).hasSize(3);
    Block.ToolUse use = (Block.ToolUse) messages.get(1).content().get(1);
    assertThat(use.id()).isEqualTo("toolu_1");
    assertThat(use.input().toString()).isEqualTo("{\"a\":1}");
    Block.ToolResult result = (Block.ToolResult) messages.get(2).content().get(0);
    assertThat(((Block.Text) result.content().get(0)).text()).isEqualTo("It says x");
  }

  @Test
  void whatFollowsACallComesBehindItsResult() {
    List<Event> before =
        accept(
            call(0, "toolu_1", "echo"),
            text(1, "Then"),
            call(2, "toolu_2", "echo"),
            call(3, "toolu_3", "Read"),
            end("tool_use"));

    assertThat(starts(before)).containsExactly(0, 1);
    List<Event> results = run("x");
    assertThat(starts(results)).containsExactly(2, 3, 4, 5);
    assertThat(results)
        .contains(new Event.TextDelta(4, "Then"), new Event.ToolUseStart(5, "toolu_3", "Read"));
    Event.MessageDelta end = (Event.MessageDelta) results.get(results.size() - 2);
    assertThat(end.stopReason()).isEqualTo("tool_use");
    assertThat(end.usage().serverTools()).isEqualTo(new ServerToolUsage(2, 0));
  }

  @Test
  void aCompletionThatWasCutOffEndsTheMessage() {
    List<Event> events = accept(call(0, "toolu_1", "echo"), text(1, "Hm"), end("max_tokens"));

    assertThat(message.isPending()).isFalse();
    assertThat(starts(events)).containsExactly(0, 1);
    assertThat(events).endsWith(end("max_tokens").toArray(Event[]::new));
  }

  @Test
  void aCompletionThatIsBegunOnceMoreHasItsFirstIndexes() {
    accept(call(0, "toolu_1", "echo"), end("tool_use"));
    run("x");
    message.next(REQUEST);
    accept(call(0, "toolu_2", "echo"));

    message.beginCompletion();

    assertThat(starts(accept(text(0, "Anew")))).containsExactly(2);
    assertThat(message.calls()).isEmpty();
  }

  @Test
  void theMessageEndsWhereNoTokensAreLeft() {
    accept(call(0, "toolu_1", "echo"), end("tool_use"));
    run("x");
    MessagesRequest next = message.next(REQUEST);
    accept(call(0, "toolu_2", "echo"), end("tool_use"));

    message.calls().forEach(call -> message.found(call, "y"));

    assertThat(message.goesOn(next)).isTrue();
    assertThat(message.goesOn(next.with(40, next.messages(), next.tools(), null))).isFalse();
    List<Event> events = message.resultEvents(next.with(40, next.messages(), next.tools(), null));
    assertThat(((Event.MessageDelta) events.get(events.size() - 2)).stopReason())
        .isEqualTo("max_tokens");
  }

  @Test
  void aReplayedMessageIsWhatTheModelSaw() {
    accept(text(0, "Hm"), call(1, "toolu_1", "echo"), end("tool_use"));
    List<Event> results = run("x");
    List<Message> seen = message.next(REQUEST).messages();
    String result = ((Event.OtherStart) results.get(0)).json();
    Message replayed =
        new Message(
            Message.Role.ASSISTANT,
            List.of(
                new Block.Text("Hm"),
                new Block.Other(
                    "server_tool_use",
                    RawJson.of(
                        "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"echo\","
                            + "\"input\":{\"a\":1}}")),
                new Block.Other("echo_tool_result", RawJson.of(result)),
                new Block.Text("Done")));

    List<Message> expanded =
        ServedHistory.of(List.of(REQUEST.messages().get(0), replayed), List.of(new Echo()));

    assertThat(expanded).hasSize(4);
    assertThat(expanded.get(1).content().toString().replaceAll("RawJson@\\w+", ""))
        .isEqualTo(seen.get(1).content().toString().replaceAll("RawJson@\\w+", ""));
    assertThat(expanded.get(2)).isEqualTo(seen.get(2));
    assertThat(expanded.get(3).content()).containsExactly(new Block.Text("Done"));
  }
}
