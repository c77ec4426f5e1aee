package io.caravan.jmh;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.provider.Dialect;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.tokens.JtokkitTokenCounter;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.request.PrefixTracker;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of a request, by stage and as a whole without the network. A request of 20
 * turns has 100 KB; those of 5 and 80 show the growth.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestBenchmark {
  @Param({"5", "20", "80"})
  int turns;

  private final RequestReader reader = new RequestReader();
  private final RequestTranslator translator = new RequestTranslator();
  private final JtokkitTokenCounter counter = new JtokkitTokenCounter();
  private final JtokkitTokenCounter forgetful = new JtokkitTokenCounter();
  private final PrefixTracker prefixes = new PrefixTracker(500_000);
  private byte[] body;
  private MessagesRequest request;
  private UpstreamRequest converted;
  private Dialect dialect;

  @Setup
  public void prepare() {
    Provider provider = new Provider();
    provider.setName("nim");
    provider.setBaseUrl("http://127.0.0.1/v1");
    dialect = Dialect.of(provider, null);
    forgetful.setCacheSize(0);
    body = Requests.conversation(turns, 1);
    request = reader.read(body);
    counter.count(request, "tenant");
    converted = convert(request);
  }

  private UpstreamRequest convert(MessagesRequest from) {
    return translator.translate(
        from, dialect, "bench/model", DroppedFields.NONE, TranslationOptions.DEFAULT);
  }

  @Benchmark
  public MessagesRequest parse() {
    return reader.read(body);
  }

  @Benchmark
  public long countCold() {
    return forgetful.count(request, "tenant");
  }

  @Benchmark
  public long countWarm() {
    return counter.count(request, "tenant");
  }

  @Benchmark
  public UpstreamRequest convertAndWrite() {
    return convert(request);
  }

  @Benchmark
  public PrefixMatch trackPrefix() {
    return prefixes.track("tenant", "session", converted);
  }

  /** Does everything between the client's bytes and the upstream's, for a known conversation. */
  @Benchmark
  public PrefixMatch whole() {
    MessagesRequest read = reader.read(body);
    counter.count(read, "tenant");
    return prefixes.track("tenant", "session", convert(read));
  }
}
