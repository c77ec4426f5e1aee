package io.caravan.jmh;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.SseEncoder;
import io.caravan.openai.Chunk;
import io.caravan.openai.ChunkReader;
import io.caravan.openai.SseFrames;
import io.caravan.openai.SsePayloads;
import io.caravan.provider.Dialect;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.response.StreamSettings;
import io.caravan.translate.response.StreamTranslator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Measures the time of one event, by stage and as a whole without the network and Camel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StreamBenchmark {
  private static final int EVENTS = 200;
  private static final String CHUNK =
      "data: {\"id\":\"chatcmpl-3f2a9c\",\"object\":\"chat.completion.chunk\",\"created\":1763900000,"
          + "\"model\":\"bench/model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"twenty chars of it, \"},"
          + "\"logprobs\":null,\"finish_reason\":null}]}\n\n";

  private byte[] bytes;
  private SsePayloads payloads;
  private List<Chunk> chunks;
  private List<Event> events;
  private StreamSettings settings;

  @Setup
  public void prepare() {
    bytes = CHUNK.repeat(EVENTS).getBytes(StandardCharsets.UTF_8);
    settings = settings();
    payloads = cut();
    chunks = read();
    events = convert();
  }

  private static StreamSettings settings() {
    Provider provider = new Provider();
    provider.setName("nim");
    provider.setBaseUrl("http://127.0.0.1/v1");
    Dialect dialect = Dialect.of(provider, null);
    MessagesRequest request = new RequestReader().read(Requests.conversation(1, 1));
    return StreamSettings.of(
        request,
        new RequestTranslator()
            .translate(
                request, dialect, "bench/model", DroppedFields.NONE, TranslationOptions.DEFAULT),
        dialect,
        "msg_1",
        100,
        text -> text.length() / 4);
  }

  private SsePayloads cut() {
    SsePayloads cut = new SsePayloads();
    new SseFrames(cut).feed(bytes, 0, bytes.length);
    return cut;
  }

  private List<Chunk> read() {
    ChunkReader reader = new ChunkReader();
    List<Chunk> read = new ArrayList<>(payloads.size());
    for (int i = 0; i < payloads.size(); i++) {
      read.add(reader.read(payloads, i));
    }
    return read;
  }

  private List<Event> convert() {
    List<Event> converted = new ArrayList<>(EVENTS + 2);
    StreamTranslator translator = new StreamTranslator(settings, e -> null, converted::add);
    chunks.forEach(translator::accept);
    return converted;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public SsePayloads cutEvents() {
    return cut();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<Chunk> parseChunk() {
    return read();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<Event> convertChunk() {
    return convert();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int writeEvent() {
    SseEncoder encoder = new SseEncoder(events.size());
    events.forEach(encoder::encode);
    return encoder.length();
  }

  /** Does everything between the upstream's bytes and the client's, one event at a time. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void whole(Blackhole hole) {
    ChunkReader reader = new ChunkReader();
    List<Event> waiting = new ArrayList<>();
    StreamTranslator translator = new StreamTranslator(settings, e -> null, waiting::add);
    SseFrames frames =
        new SseFrames(
            (buffer, offset, length, named) ->
                translator.accept(reader.read(buffer, offset, length, named)));
    int size = CHUNK.length();
    for (int i = 0; i < EVENTS; i++) {
      frames.feed(bytes, i * size, size);
      SseEncoder encoder = new SseEncoder(waiting.size());
      waiting.forEach(encoder::encode);
      waiting.clear();
      hole.consume(encoder.length());
    }
  }
}
