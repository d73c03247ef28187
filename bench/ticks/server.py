"""A streamer that sends as fast as it can, in a process of its own."""

import asyncio
import json
import random

from websockets.asyncio.server import ServerConnection, serve

SYMBOLS, FRAMES, A_FRAME = 500, 1000, 50


def frames() -> list[str]:
    """Return the day's frames: each brings changes of 50 symbols, as the streamer conflates them."""
    chance = random.Random(7)  # noqa: S311 (prices are no secrets)
    found = []
    for place in range(FRAMES):
        content = [
            {
                "key": f"S{(place * A_FRAME + each) % SYMBOLS}",
                "1": chance.randint(1000, 99999) / 100,
                "2": chance.randint(1000, 99999) / 100,
                "3": chance.randint(1000, 99999) / 100,
                "8": place * 100,
                "33": chance.randint(1000, 99999) / 100,
                "34": 1795532400000 + place,
            }
            for each in range(A_FRAME)
        ]
        data = {"service": "LEVELONE_EQUITIES", "timestamp": place, "command": "SUBS", "content": content}
        found.append(json.dumps({"data": [data]}))
    return found


async def run_server() -> None:
    """Send the frames to whoever connects; print the port first."""
    texts = frames()

    async def talk(socket: ServerConnection) -> None:
        for text in texts:
            await socket.send(text)

    async with serve(talk, "127.0.0.1", 0, compression=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(run_server())
