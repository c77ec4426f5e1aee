package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.ErrorResponse;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every response of the corpus with Anthropic's Java SDK. */
class SdkCorpusIT {
  private static final ObjectMapper SDK = ObjectMappers.jsonMapper();

  static List<CorpusCase> endingWell() {
    return Chosen.of(answers().filter(SdkCorpusIT::endsWell).toList());
  }

  static List<CorpusCase> endingInAnError() {
    return Chosen.of(answers().filter(c -> c.events() != null && !endsWell(c)).toList());
  }

  private static Stream<CorpusCase> answers() {
    return Stream.of("stream", "markup").flatMap(group -> CorpusCase.group(group).stream());
  }

  private static boolean endsWell(CorpusCase c) {
    return c.events() != null && c.events().stream().anyMatch(e -> e.contains("message_stop"));
  }

  /** The SDK recognizes an error by the event's name, before it reads any further. */
  @CorpusTest
  @MethodSource("endingInAnError")
  void isAcceptedUpToTheError(CorpusCase corpusCase) throws JsonProcessingException {
    CorpusCase.Answer answer = corpusCase.upstream().get(0);
    StreamRun run = StreamRun.of(corpusCase);
    run.feed(answer.body(), 0, answer.body().length).end(answer.reset());

    for (JsonNode event : run.json(new ArrayList<>())) {
      if (event.path("type").asText().equals("error")) {
        SDK.treeToValue(event, ErrorResponse.class).validate();
      } else {
        SDK.treeToValue(event, RawMessageStreamEvent.class).validate();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorType.class)
  void acceptsEveryKindOfError(ErrorType type) throws IOException {
    byte[] body = ErrorBody.write(new AnthropicException(type, "what went wrong"), "req_1");

    ErrorResponse read = SDK.readValue(body, ErrorResponse.class);

    assertThat(read.error()._json().orElseThrow().toString())
        .contains(type.code(), "what went wrong");
  }

  @CorpusTest
  @MethodSource("endingWell")
  void isAcceptedByTheSdkWithValidation(CorpusCase corpusCase) throws JsonProcessingException {
    CorpusCase.Answer answer = corpusCase.upstream().get(0);
    StreamRun run = StreamRun.of(corpusCase);
    run.feed(answer.body(), 0, answer.body().length).end(answer.reset());

    MessageAccumulator accumulator = MessageAccumulator.create();
    for (JsonNode event : run.json(new ArrayList<>())) {
      accumulator.accumulate(SDK.treeToValue(event, RawMessageStreamEvent.class).validate());
    }
    Message streamed = accumulator.message().validate();
    String json = new String(run.aggregator().json(), StandardCharsets.UTF_8);
    Message whole = SDK.readValue(json, Message.class).validate();

    assertThat(streamed.stopReason()).isEqualTo(whole.stopReason());
    assertThat(streamed.stopSequence()).isEqualTo(whole.stopSequence());
    assertThat(streamed.usage().inputTokens()).isEqualTo(whole.usage().inputTokens());
    assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
    if (corpusCase.message() == null) {
      assertThat(text(streamed)).isEqualTo(text(whole));
    }
  }

  /** Returns the common part in one form: the accumulator omits fields of a whole message. */
  private static List<String> text(Message message) {
    List<String> blocks = new ArrayList<>();
    for (ContentBlock block : message.content()) {
      block.text().ifPresent(text -> blocks.add("text " + text.text()));
      block.thinking().ifPresent(t -> blocks.add("thinking " + t.thinking() + " " + t.signature()));
      block
          .toolUse()
          .ifPresent(call -> blocks.add(call.id() + " " + call.name() + " " + call._input()));
    }
    return blocks;
  }
}
