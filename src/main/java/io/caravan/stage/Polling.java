package io.caravan.stage;

import io.caravan.http.AbortReason;
import io.caravan.http.CallListener;
import io.caravan.http.ClientGoneException;
import io.caravan.http.ClientResponse;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.provider.Nvcf;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Polls for the response to a call that hosted NIM has acknowledged with 202. */
final class Polling {
  /** The pause between two polls, which is that of NVIDIA's own client. */
  private static final long PAUSE_MILLIS = 200;

  private final Nvcf nvcf;
  private final UpstreamHttp http;
  private final Map<String, String> headers;
  private final Timeouts timeouts;
  private final CallListener listener;
  private final CountDownLatch gone = new CountDownLatch(1);

  Polling(
      String pollUrl,
      UpstreamHttp http,
      Map<String, String> headers,
      Timeouts timeouts,
      CallListener listener) {
    this.nvcf = new Nvcf(pollUrl);
    this.http = http;
    this.headers = headers;
    this.timeouts = timeouts;
    this.listener = listener;
  }

  /**
   * Waits for the response, at most as long as for the first byte of any response.
   *
   * @param pending an open call that was acknowledged with 202 and an id; it is closed
   * @param client the response to the client, whose end ends the wait
   * @return an open call; it is still pending if the time is over
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
      call.setListener(listener);
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
        throw new ClientGoneException("the client left while the upstream was polled");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while the upstream was polled");
    }
  }
}
