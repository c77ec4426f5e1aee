package io.caravan.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * The gateway that the commands of a user share. The first starts it unless one runs, and the last
 * ends it if a command has started it. Each holds a lock on a file, which the system releases when
 * the process ends, however that is.
 */
final class SharedGateway implements AutoCloseable {
  private final Path started;
  private final Path turns;
  private final GatewayClient client;
  private final FileChannel users;
  private FileLock use;
  private GatewayFacts facts;

  private SharedGateway(Places places, GatewayClient client, FileChannel users) {
    this.started = places.state().resolve("started-gateway");
    this.turns = places.state().resolve("turn");
    this.client = client;
    this.users = users;
  }

  /**
   * Uses the running gateway, or starts one.
   *
   * @param model the model whose facts are wanted
   * @throws LaunchException if the port is another program's, or the gateway does not start
   * @throws IOException if the directory of state can't be used
   */
  static SharedGateway use(Places places, GatewaySettings settings, String model)
      throws LaunchException, IOException, InterruptedException {
    GatewayClient client = new GatewayClient(settings, Secret.made(places.state()));
    FileChannel users = open(places.state().resolve("users"));
    SharedGateway shared = new SharedGateway(places, client, users);
    // One at a time starts, and none while another ends it.
    try (FileChannel turn = open(shared.turns)) {
      turn.lock();
      shared.use = users.lock(0, Long.MAX_VALUE, true);
      shared.find(places, settings, model);
      return shared;
    } catch (LaunchException | IOException | InterruptedException | RuntimeException e) {
      users.close();
      throw e;
    }
  }

  private void find(Places places, GatewaySettings settings, String model)
      throws LaunchException, IOException, InterruptedException {
    if (client.portIsTaken()) {
      facts = client.facts(model);
      if (facts == null) {
        throw new LaunchException(
            "Port "
                + settings.port()
                + " of "
                + settings.host()
                + " is taken, and not by a gateway of yours: end that program, or set CARAVAN_PORT"
                + " to a free port");
      }
      return;
    }
    StartedGateway gateway = StartedGateway.start(places);
    Thread end = new Thread(gateway::end, "caravan-end-start");
    Runtime.getRuntime().addShutdownHook(end);
    facts = gateway.await(client, model);
    WholeFile.write(started, identity(gateway.pid()).getBytes(StandardCharsets.UTF_8));
    Runtime.getRuntime().removeShutdownHook(end);
  }

  /** Returns the facts that it gave first. */
  GatewayFacts facts() {
    return facts;
  }

  GatewayClient client() {
    return client;
  }

  /** Ends the gateway if a command has started it and no other uses it. */
  @Override
  public synchronized void close() throws IOException {
    if (use == null) {
      return;
    }
    try (users;
        FileChannel turn = open(turns)) {
      turn.lock();
      use.release();
      use = null;
      FileLock last = users.tryLock();
      if (last != null && Files.exists(started)) {
        endStarted();
      }
    }
  }

  private void endStarted() throws IOException {
    List<String> words = List.of(Files.readString(started).strip().split(" ", -1));
    Files.delete(started);
    long pid = Long.parseLong(words.get(0));
    // Another process may have got the number since.
    if (identity(pid).equals(String.join(" ", words))) {
      ProcessHandle.of(pid).ifPresent(StartedGateway::end);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static String identity(long pid) {
    Instant start =
        ProcessHandle.of(pid).flatMap(process -> process.info().startInstant()).orElse(Instant.MIN);
    return pid + " " + start;
  }
}
