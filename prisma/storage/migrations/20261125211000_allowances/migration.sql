-- CreateTable
CREATE TABLE "allowances" (
    "key" TEXT NOT NULL,
    "used" DOUBLE PRECISION NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "allowances_updated_at_idx" ON "allowances"("updated_at");
