// What this browser keeps: a few small values in IndexedDB, which survives a reload and a power cut.

const STORE = "kept";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("doorline", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function act<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = what(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** The value under a name, or undefined. */
export async function recall<T>(name: string): Promise<T | undefined> {
  return (await act("readonly", (store) => store.get(name))) as T | undefined;
}

/** Keep a value under a name. */
export async function keep(name: string, value: unknown): Promise<void> {
  await act("readwrite", (store) => store.put(value, name));
}

/** Forget a name. */
export async function forget(name: string): Promise<void> {
  await act("readwrite", (store) => store.delete(name));
}

/** Forget everything. */
export async function forgetAll(): Promise<void> {
  await act("readwrite", (store) => store.clear());
}
