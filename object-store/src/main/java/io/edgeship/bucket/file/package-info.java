/// A bucket in a directory, in the layout of Thanos' `type: FILESYSTEM`: the object `a/b` is the file
/// `<directory>/<prefix>/a/b`.
///
/// What is not yet an object lives in `<directory>/.edgeship`, which no listing of ours shows and which
/// Thanos passes over because its name is no ULID:
///
/// ```
/// .edgeship/lock                              held while a name changes, across processes
/// .edgeship/tmp/<random>                      a body on its way in; older than a day = left by a crash
/// .edgeship/uploads/<id>/key                  the object key of a multipart upload, UTF-8
/// .edgeship/uploads/<id>/data                 parts that came in order, one after another; becomes the object
/// .edgeship/uploads/<id>/<number>-<md5 hex>-<offset>-<size>
///                                             empty: such a part is whole in `data`; number in five digits
/// .edgeship/uploads/<id>/<number>-<md5 hex>   any other part; in both names the MD5 may be 24 zeroes and a CRC32C
/// .edgeship/uploads/<id>/writing              while somebody appends to `data`
/// ```
@NullMarked
package io.edgeship.bucket.file;

import org.jspecify.annotations.NullMarked;
