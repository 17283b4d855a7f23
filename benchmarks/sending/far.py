"""A mail server far away: TLS on port 465, and every byte 10 ms on its way, each way.

    python far.py PORT CERTIFICATE      stands before the plain SMTP server at PORT, prints its own

What the client sends is held for 10 ms and then decrypted, so that the handshakes of TCP's payload
(TLS, then SMTP) take the round trips that they take from afar. Ends with its standard input.
"""

import asyncio
import os
import ssl
import sys

ONE_WAY = 0.010


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Pass on what comes, each piece ``delay`` seconds after it came, in order."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while piece := await reader.read(65_536):
            pieces.put_nowait((loop.time() + delay, piece))
        pieces.put_nowait((loop.time() + delay, b""))
        await delivering
    except (ConnectionError, ssl.SSLError):
        delivering.cancel()
    finally:
        writer.close()


async def main(port: int, certificate: str) -> None:
    """Listen, decrypt behind the delay, and pass on to the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def towards(target: int, delay: float) -> "asyncio.streams._ClientConnectedCallback":
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target)
            await asyncio.gather(
                carry(reader, there_writer, delay), carry(there_reader, writer, delay)
            )

        return serve

    inside = await asyncio.start_server(towards(port, 0.0), "127.0.0.1", 0, ssl=context)
    inner: int = inside.sockets[0].getsockname()[1]
    outside = await asyncio.start_server(towards(inner, ONE_WAY), "127.0.0.1", 0)
    print(outside.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
