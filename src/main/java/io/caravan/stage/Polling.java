package io.caravan.stage;

import io.caravan.http.AbortReason;
import io.caravan.http.ClientGoneException;
import io.caravan.http.ClientResponse;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.provider.Nvcf;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks for the answer of a call that hosted NIM has answered with 202, until it is there. */
final class Polling {
  /** NVIDIA's own client asks as often. */
  private static final long PAUSE_MILLIS = 200;

  private final Nvcf nvcf;
  private final UpstreamHttp http;
  private final Map<String, String> headers;
  private final Timeouts timeouts;
  private final CountDownLatch gone = new CountDownLatch(1);

  Polling(String pollUrl, UpstreamHttp http, Map<String, String> headers, Timeouts timeouts) {
    this.nvcf = new Nvcf(pollUrl);
    this.http = http;
    this.headers = headers;
    this.timeouts = timeouts;
  }

  /**
   * Waits for an answer that is more than a promise, no longer than for the first byte of any.
   *
   * @param pending an open call that was answered with 202 and an id; it is closed
   * @param client leaves, or waits
   * @return an open call
   * @throws ClientGoneException if the client leaves meanwhile
   */
  UpstreamCall await(UpstreamCall pending, ClientResponse client) {
    client.onClose(gone::countDown);
    String url = nvcf.statusUri(pending.header(Nvcf.REQUEST_ID)).toString();
    long deadline = System.nanoTime() + timeouts.firstByte().toNanos();
    UpstreamCall call = pending;
    while (isPending(call) && System.nanoTime() < deadline) {
      call.close();
      pause();
      call = http.get(url, headers, timeouts);
      UpstreamCall asked = call;
      client.onClose(() -> asked.abort(AbortReason.CLIENT_GONE));
      call.open();
    }
    return call;
  }

  static boolean isPending(UpstreamCall call) {
    return Nvcf.isPending(call.status(), call.header(Nvcf.REQUEST_ID));
  }

  private void pause() {
    try {
      if (gone.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new ClientGoneException("the client left while the upstream's answer was awaited");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while the upstream's answer was awaited");
    }
  }
}
