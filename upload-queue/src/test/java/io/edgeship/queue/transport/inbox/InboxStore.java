package io.edgeship.queue.transport.inbox;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.StoreClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A store in memory as an agent with the inbox's policy meets it: it may put below its inbox and get its receipts;
/// any other request fails the test. What tests do behind the transport's back, they do to the map.
public final class InboxStore {
    public static final String SITE = "shop-7";
    public static final String INCARNATION = "00112233445566778899aabbccddeeff";
    static final String INBOX = "edgeship/inbox/" + SITE + "/" + INCARNATION + "/";
    static final String RECEIPTS = "edgeship/sites/" + SITE + "/" + INCARNATION + "/receipts/";

    final Map<String, byte[]> objects = new TreeMap<>();
    final Map<String, Integer> storedAt = new HashMap<>();
    final List<String> requests = new ArrayList<>();
    Instant now = Instant.parse("2026-03-04T05:06:07Z");
    Trouble trouble = Trouble.NONE;
    String lastKey = "";

    private int stores;
    private final StoreClock clock = new StoreClock(InstantSource.system(), () -> 0);

    /// What goes wrong with a request.
    interface Trouble {
        Trouble NONE = new Trouble() {};

        default void before(String request, byte @Nullable [] body) throws BucketException {}

        default void after(String request, byte @Nullable [] body) throws BucketException {}
    }

    public Bucket bucket() {
        return (Bucket) Proxy.newProxyInstance(
                Bucket.class.getClassLoader(),
                new Class<?>[] {Bucket.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "put" -> put((String) arguments[0], (Body) arguments[1]);
                    case "get" -> get((String) arguments[0], arguments.length);
                    case "clock" -> clock;
                    default -> throw new AssertionError("the inbox's policy has no " + method.getName());
                });
    }

    /// Replaces an object; which of two was stored later can be told.
    void store(String key, byte[] bytes) {
        objects.put(key, bytes);
        storedAt.put(key, ++stores);
    }

    private ObjectInfo put(String key, Body body) throws BucketException {
        if (!key.startsWith(INBOX)) {
            throw new AssertionError("may not put " + key);
        }
        byte[] bytes = read(body);
        lastKey = key;
        String request = "put " + shortName(key);
        requests.add(request);
        trouble.before(request, bytes);
        clock.saw(now);
        store(key, bytes);
        trouble.after(request, bytes);
        return new ObjectInfo(key, bytes.length, "etag", now);
    }

    private InputStream get(String key, int argumentCount) throws BucketException {
        if (!key.startsWith(RECEIPTS) || argumentCount != 1) {
            throw new AssertionError("may not get " + key);
        }
        String request = "get " + shortName(key);
        requests.add(request);
        trouble.before(request, null);
        clock.saw(now);
        byte[] object = objects.get(key);
        if (object == null) {
            throw new BucketException.NotFound("reading " + key, null);
        }
        trouble.after(request, null);
        return new ByteArrayInputStream(object);
    }

    /// The pieces that lie in an item's folder, by key.
    List<String> pieceKeys() {
        return objects.keySet().stream()
                .filter(key -> PieceName.tryParse(shortName(key)).isPresent())
                .toList();
    }

    List<String> puts() {
        return requests.stream().filter(request -> request.startsWith("put")).toList();
    }

    static String shortName(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static byte[] read(Body body) throws BucketException {
        try (InputStream in = body.open()) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != body.sizeBytes()) {
                throw new BucketException.BodyUnreadable("another size than was said", null);
            }
            return bytes;
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading what is to be stored", e);
        }
    }
}
