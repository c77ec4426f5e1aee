package io.caravan.testkit;

import static org.awaitility.Awaitility.await;

import io.caravan.observe.RequestListener;
import io.caravan.observe.RequestRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes the records of a gateway's requests. */
public final class Records implements RequestListener {
  private final List<RequestRecord> all = new CopyOnWriteArrayList<>();

  private Records() {}

  /** Listens to a gateway from now on. */
  public static Records of(Gateway gateway) {
    Records records = new Records();
    gateway.context().getRegistry().bind("records", RequestListener.class, records);
    return records;
  }

  @Override
  public void ended(RequestRecord request) {
    all.add(request);
  }

  /** Returns all records so far. */
  public List<RequestRecord> all() {
    return List.copyOf(all);
  }

  /** Forgets the records so far. */
  public void forget() {
    all.clear();
  }

  /** Waits for the next record, takes it and returns it. */
  public RequestRecord take() {
    await().until(() -> !all.isEmpty());
    return all.remove(0);
  }
}
