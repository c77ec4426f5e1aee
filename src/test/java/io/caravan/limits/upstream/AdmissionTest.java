package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final ManualTime time = new ManualTime();

  private Admission admission(int perMinute, int concurrent) {
    Admission admission = new Admission();
    admission.setName("nim");
    admission.setRequestsPerMinute(perMinute);
    admission.setMaxConcurrency(concurrent);
    admission.setMargin(Duration.ZERO);
    admission.setTime(time);
    return admission;
  }

  private static AdmissionRequest session(String session) {
    return new AdmissionRequest(new AdmissionRequest.Turn("", session, false), null);
  }

  private static AdmissionRequest patient(long seconds) {
    return new AdmissionRequest(
        new AdmissionRequest.Turn("", "s", false), Duration.ofSeconds(seconds));
  }

  private static AdmissionRefused refusal(PendingRequest pending) {
    return catchThrowableOfType(AdmissionRefused.class, pending::await);
  }

  @Test
  void noMoreThanTheLimitGoThroughInAnyMinute() throws Exception {
    Admission admission = admission(2, 0);
    admission.acquire(session("a")).close();
    time.advance(Duration.ofSeconds(59));
    admission.acquire(session("a")).close();
    PendingRequest third = admission.enter(session("a"));
    PendingRequest fourth = admission.enter(session("a"));

    time.advance(Duration.ofMillis(999));
    assertThat(third.granted()).isFalse();
    time.advance(Duration.ofMillis(1));
    assertThat(third.granted()).isTrue();
    assertThat(third.await().waited()).isEqualTo(Duration.ofSeconds(1));

    // A token bucket, or a window that begins with the clock's minute, would let it through now.
    time.advance(Duration.ofSeconds(58));
    assertThat(fourth.granted()).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(fourth.granted()).isTrue();
  }

  @Test
  void theMarginIsAddedToTheWindow() throws Exception {
    Admission admission = admission(1, 0);
    admission.setMargin(Duration.ofMillis(500));
    admission.acquire(session("a")).close();
    PendingRequest second = admission.enter(session("a"));
    time.advance(Duration.ofMillis(60_499));
    assertThat(second.granted()).isFalse();
    time.advance(Duration.ofMillis(1));
    assertThat(second.granted()).isTrue();
  }

  @Test
  void aCallKeepsItsPlaceAmongTheConcurrentUntilItIsClosed() throws Exception {
    Admission admission = admission(0, 2);
    Permit first = admission.acquire(session("a"));
    admission.acquire(session("b"));
    PendingRequest third = admission.enter(session("c"));
    assertThat(third.granted()).isFalse();
    assertThat(admission.getActive()).isEqualTo(2);
    assertThat(admission.getQueued()).isEqualTo(1);

    first.close();
    first.close();

    assertThat(third.granted()).isTrue();
    assertThat(admission.getActive()).isEqualTo(2);
    assertThat(admission.enter(session("d")).granted()).isFalse();
  }

  @Test
  void sessionsTakeTurnsAndTheInteractiveTurnComesBeforeItsSubAgents() throws Exception {
    Admission admission = admission(0, 1);
    Permit permit = admission.acquire(session("busy"));
    List<PendingRequest> requests = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      requests.add(
          admission.enter(new AdmissionRequest(new AdmissionRequest.Turn("", "busy", true), null)));
    }
    requests.add(admission.enter(session("other")));
    requests.add(admission.enter(session("busy")));

    List<Integer> order = new ArrayList<>();
    while (order.size() < requests.size()) {
      permit.close();
      int next = order.size();
      for (int i = 0; i < requests.size(); i++) {
        if (requests.get(i).granted() && !order.contains(i)) {
          order.add(i);
          permit = requests.get(i).await();
        }
      }
      assertThat(order).hasSize(next + 1);
    }

    assertThat(order).containsExactly(4, 3, 0, 1, 2);
  }

  @Test
  void aWaitThatWouldBeTooLongIsRefusedAtOnceWithTheTimeItWouldTake() throws Exception {
    Admission admission = admission(2, 0);
    admission.acquire(session("a"));
    time.advance(Duration.ofSeconds(10));
    admission.acquire(session("a"));
    admission.enter(session("a"));

    // The first place is free in 50 s, but a request waits for it already; the next in 60 s.
    AdmissionRefused refused = refusal(admission.enter(patient(59)));

    assertThat(refused.reason()).isEqualTo(AdmissionRefused.Reason.WAIT_TOO_LONG);
    assertThat(refused.retryAfter()).isEqualTo(MINUTE);
    assertThat(refused).hasMessage("The request limit of nim is used up; a place is free in 60 s");
    assertThat(admission.getQueued()).isEqualTo(1);
    assertThat(admission.getRefused()).isEqualTo(1);
    assertThat(admission.enter(patient(60)).done()).isFalse();
  }

  @Test
  void aWaitPredictedFromTheQueueComesTrue() throws Exception {
    Admission admission = admission(3, 0);
    for (int i = 0; i < 3; i++) {
      admission.acquire(session("a"));
      time.advance(Duration.ofSeconds(7));
    }
    List<Duration> predicted = new ArrayList<>();
    List<PendingRequest> requests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      predicted.add(admission.predictedWait(patient(600)));
      requests.add(admission.enter(patient(600)));
    }
    time.advance(Duration.ofMinutes(5));
    for (int i = 0; i < 5; i++) {
      assertThat(requests.get(i).await().waited()).isEqualTo(predicted.get(i));
    }
  }

  @Test
  void theWaitForACallToEndIsPredictedFromHowLongCallsTake() throws Exception {
    Admission admission = admission(0, 2);
    Permit a = admission.acquire(session("a"));
    Permit b = admission.acquire(session("a"));
    time.advance(Duration.ofSeconds(30));
    a.close();
    b.close();
    admission.acquire(session("a"));
    admission.acquire(session("a"));

    // Two calls of 30 s each: one of them ends every 15 s.
    assertThat(admission.predictedWait(session("b"))).isEqualTo(Duration.ofSeconds(15));
    admission.enter(session("b"));
    assertThat(admission.predictedWait(session("b"))).isEqualTo(Duration.ofSeconds(30));
    assertThat(refusal(admission.enter(patient(29))).retryAfter())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aWaitThatLastsTooLongAfterAllIsEndedWhenItsTimeIsUp() throws Exception {
    Admission admission = admission(0, 1);
    admission.acquire(session("a"));
    PendingRequest pending = admission.enter(patient(20));
    time.advance(Duration.ofSeconds(20));
    assertThat(refusal(pending).reason()).isEqualTo(AdmissionRefused.Reason.TIMED_OUT);
    assertThat(admission.getQueued()).isZero();
  }

  @Test
  void aRequestThatMayNotWaitGoesThroughOrIsRefused() throws Exception {
    Admission admission = admission(1, 0);
    assertThat(admission.enter(patient(0)).granted()).isTrue();
    assertThat(refusal(admission.enter(patient(0))).retryAfter()).isEqualTo(MINUTE);
  }

  @Test
  void theQueueIsBounded() throws Exception {
    Admission admission = admission(0, 1);
    admission.setMaxQueued(2);
    admission.acquire(session("a"));
    admission.enter(session("a"));
    PendingRequest leaver = admission.enter(session("a"));
    assertThat(refusal(admission.enter(session("b"))).reason())
        .isEqualTo(AdmissionRefused.Reason.QUEUE_FULL);

    leaver.request().cancel();
    assertThat(admission.enter(session("b")).done()).isFalse();
  }

  @Test
  void cancellingFreesThePlaceInTheQueueAtOnce() throws Exception {
    Admission admission = admission(1, 0);
    admission.acquire(session("a"));
    PendingRequest first = admission.enter(session("a"));
    PendingRequest second = admission.enter(session("b"));

    first.request().cancel();

    assertThatThrownBy(first::await).isInstanceOf(CancellationException.class);
    assertThat(admission.getQueued()).isEqualTo(1);
    assertThat(admission.getCancelled()).isEqualTo(1);
    time.advance(MINUTE);
    assertThat(second.granted()).isTrue();
  }

  @Test
  void aCancelledRequestGetsNothingAnyMore() throws Exception {
    Admission admission = admission(5, 0);
    AdmissionRequest request = session("a");
    admission.acquire(request).close();
    request.cancel();
    assertThatThrownBy(() -> admission.acquire(request)).isInstanceOf(CancellationException.class);
    assertThat(admission.getWindowUsed()).isEqualTo(1);
    assertThat(admission.getActive()).isZero();
  }

  @Test
  void aPermitThatIsCancelledInTheMomentItIsGivenLeavesNoTrace() {
    Admission admission = admission(5, 1);
    PendingRequest pending = admission.enter(session("a"));
    pending.request().cancel();
    assertThatThrownBy(pending::await).isInstanceOf(CancellationException.class);
    assertThat(admission.getActive()).isZero();
    assertThat(admission.getWindowUsed()).isZero();
  }

  @Test
  void noTaskAndNoPermitIsLeftOfRequestsThatAreDone() throws Exception {
    Admission admission = admission(1, 0);
    admission.acquire(session("a")).close();
    PendingRequest cancelled = admission.enter(session("a"));
    admission.enter(session("a"));
    cancelled.request().cancel();
    time.advance(MINUTE);
    assertThat(time.planned()).isZero();
  }

  @Test
  void whenItClosesThoseWhoWaitAndThoseWhoComeAreRefused() throws Exception {
    Admission admission = admission(0, 1);
    Permit permit = admission.acquire(session("a"));
    PendingRequest pending = admission.enter(session("b"));
    admission.close();
    assertThat(refusal(pending).reason()).isEqualTo(AdmissionRefused.Reason.CLOSED);
    assertThat(refusal(admission.enter(session("c"))).reason())
        .isEqualTo(AdmissionRefused.Reason.CLOSED);
    permit.close();
    assertThat(admission.getActive()).isZero();
  }

  @Test
  void withoutLimitsAllGoThrough() throws Exception {
    Admission admission = admission(0, 0);
    for (int i = 0; i < 5000; i++) {
      admission.acquire(patient(0));
    }
    assertThat(admission.getActive()).isEqualTo(5000);
    assertThat(admission.getGranted()).isEqualTo(5000);
    assertThat(admission.getWindowUsed()).isZero();
  }
}
