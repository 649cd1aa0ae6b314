package org.grpo4j.training.dashboard;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.rollouts.RolloutFiles;

/** Serves the page of a run until it is closed. All its threads are daemons. */
public final class Dashboard implements AutoCloseable {

    private static final int THREADS = 3;
    private static final int WAITING = 32;
    private static final long GRACE_MILLIS = 3000;
    private static final long GRACE_STEP_MILLIS = 50;

    private final HttpServer server;
    private final ExecutorService threads;
    private final DashboardHandler handler;
    private final LivePage page;
    private final String host;

    private Dashboard(
            HttpServer server, ExecutorService threads, DashboardHandler handler, LivePage page, String host) {
        this.server = server;
        this.threads = threads;
        this.handler = handler;
        this.page = page;
        this.host = host;
    }

    /**
     * Starts to serve.
     *
     * @param rollouts completions of the run
     * @throws InputException if the address cannot be listened at
     */
    public static Dashboard start(DashboardAddress address, LivePage page, RolloutFiles rollouts) throws IOException {
        // Clients that send or read byte by byte must not hold the threads for good, nor many of them the files that
        // the
        // run may have open.
        limit("sun.net.httpserver.maxReqTime", 10);
        limit("sun.net.httpserver.maxRspTime", 60);
        limit("jdk.httpserver.maxConnections", 100);
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address.inet(), address.port()), 0);
        } catch (BindException e) {
            throw new InputException(
                    "--dashboard: " + address.host() + ":" + address.port() + " cannot be listened at ("
                            + e.getMessage() + "); choose another port, or 0 for any that is free",
                    e);
        }
        ExecutorService threads = threads();
        DashboardHandler handler = new DashboardHandler(page, rollouts, address.host());
        server.createContext("/", handler);
        server.setExecutor(threads);
        start(server);
        return new Dashboard(server, threads, handler, page, address.host());
    }

    /** The JDK's server takes its limits from the system's properties, when the first of a process is made. */
    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** The server's own thread is a daemon if the thread that starts it is. */
    private static void start(HttpServer server) throws IOException {
        Thread starter = new Thread(server::start, "dashboard-start");
        starter.setDaemon(true);
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the dashboard was starting", e);
        }
    }

    /** When more wait than the queue takes, the server drops the connection, and the page asks again later. */
    private static ExecutorService threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                    Thread thread = new Thread(work, "dashboard-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Such as {@code http://127.0.0.1:8080/}. */
    public String url() {
        return "http://" + host + ":" + server.getAddress().getPort() + "/";
    }

    /** Whether other machines can reach it. */
    public boolean isOpen() {
        return !server.getAddress().getAddress().isLoopbackAddress();
    }

    /** What is served. */
    public LivePage page() {
        return page;
    }

    /** Ends the service, after a moment in which a browser that watches can still learn how the run ended. */
    @Override
    public void close() {
        try {
            long end = System.nanoTime() + GRACE_MILLIS * 1_000_000;
            while (handler.isWatchedAndUntold() && System.nanoTime() < end) {
                Thread.sleep(GRACE_STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
